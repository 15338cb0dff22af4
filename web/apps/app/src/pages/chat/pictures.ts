/** Pictures are made smaller here, before they travel: a photo of ten megabytes is one of half a megabyte to a model. */
const LONGEST = 1920;
const QUALITY = 0.85;

/** The picture as it is sent: upright, at most 1,920 pixels long, and never more bytes than the one that was chosen. */
export async function shrink(file: File): Promise<File> {
  // What moves would stand still, and what has no pixels is not ours to judge.
  if (!/^image\/(jpeg|png|webp|heic|heif|avif|bmp)$/.test(file.type)) return file;
  const picture = await decode(file);
  if (!picture) return file;
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const context = canvas.getContext("2d");
  if (!context) return file;
  context.imageSmoothingQuality = "high";
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const isSent = /^image\/(jpeg|png|webp)$/.test(file.type);
  const made = await encode(canvas, file.type === "image/png");
  // Memory of a phone is short: the pixels go at once.
  canvas.width = canvas.height = 0;
  if (!made || (isSent && made.size >= file.size)) return file;
  const stem = file.name.replace(/\.[^.]*$/, "") || "picture";
  return new File([made], `${stem}.${made.type === "image/webp" ? "webp" : "jpg"}`, { type: made.type });
}

async function decode(file: File): Promise<ImageBitmap | null> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null; // this browser cannot read it; the server will say what it thinks of it
  }
}

/** WebP keeps what can be seen through; where a browser cannot write it, a JPEG does for what is opaque. */
async function encode(canvas: HTMLCanvasElement, mayBeClear: boolean): Promise<Blob | null> {
  const make = (type: string) => new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, type, QUALITY));
  const webp = await make("image/webp");
  if (webp?.type === "image/webp") return webp;
  return mayBeClear ? null : make("image/jpeg");
}
