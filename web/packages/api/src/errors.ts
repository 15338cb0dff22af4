/** A refusal of the API: a stable code, the status, and the facts. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly details: Record<string, unknown> = {},
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** Whether trying again later may help. */
  get isTemporary(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }

  /** What is wrong by field, when the API refused the form. */
  get fields(): Record<string, string> {
    const problems = (this.details.problems ?? []) as { where: string; problem: string }[];
    return Object.fromEntries(problems.map(({ where, problem }) => [where.replace(/^body\./, ""), problem]));
  }
}

/** The error that a response carries, whatever sent it. */
export async function errorOf(response: Response): Promise<ApiError> {
  try {
    const { code, message, details } = (await response.json()) as { code: string; message: string; details?: Record<string, unknown> };
    if (code) return new ApiError(response.status, code, message, details);
  } catch {
    // A proxy in between answers in its own words.
  }
  return new ApiError(response.status, "service.unreachable", response.statusText);
}
