import { toast } from "@kassa/ui";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useErrorText } from "../app/problems";

/** Something that changes data: says that it is done or why not, and everything shown is looked at again. */
export function useVerb<Input = void, Output = unknown>(run: (input: Input) => Promise<Output>, done?: string, onDone?: (output: Output) => void) {
  const text = useErrorText();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: async (output) => {
      if (done) toast.success(done);
      onDone?.(output);
      await cache.invalidateQueries();
    },
    onError: (error) => toast.error(text(error)),
  });
}
