// The official client for Node, unchanged but for address and key: what it gets goes to stdout as JSON.
// Arguments: address, key, key of a customer without tokens.
import OpenAI, { toFile } from "openai";

const [baseURL, apiKey, poorKey] = process.argv.slice(2);
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0 });
const model = "chatgpt-4-omni-mini";
const messages = [{ role: "user", content: "Why is the sky blue?" }];

async function refusal(call) {
  try {
    await call();
  } catch (error) {
    return { kind: error.constructor.name, status: error.status, type: error.type, code: error.code };
  }
  return null;
}

const found = {};
found.models = (await client.models.list()).data.map((item) => item.id);
const whole = await client.chat.completions.create({ model, messages });
found.whole = { text: whole.choices[0].message.content, reason: whole.choices[0].finish_reason, usage: whole.usage };
const stream = await client.chat.completions.create({
  model, messages, stream: true, stream_options: { include_usage: true },
});
found.streamed = { text: "", parts: 0, usage: null };
for await (const chunk of stream) {
  found.streamed.parts += 1;
  found.streamed.text += chunk.choices[0]?.delta?.content ?? "";
  found.streamed.usage = chunk.usage ?? found.streamed.usage;
}
const response = await client.responses.create({ model, input: "Why is the sky blue?" });
found.response = { text: response.output_text, status: response.status };
const events = [];
for await (const event of await client.responses.create({ model, input: "Why?", stream: true })) events.push(event.type);
found.events = [...new Set(events)];
const image = await client.images.generate({ model: "gpt-image", prompt: "a lighthouse", n: 1 });
found.image = Buffer.from(image.data[0].b64_json, "base64").subarray(1, 4).toString();
const speech = await client.audio.speech.create({ model: "tts", voice: "alloy", input: "hello" });
const sound = Buffer.from(await speech.arrayBuffer());
found.speech = sound.length;
const heard = await client.audio.transcriptions.create({ model: "whisper", file: await toFile(sound, "hello.wav") });
found.heard = heard.text;
const vectors = await client.embeddings.create({ model: "text-embedding", input: ["one", "two"] });
found.vectors = vectors.data.map((item) => item.embedding.length);
found.wrongKey = await refusal(() => new OpenAI({ baseURL, apiKey: "sk-wrong", maxRetries: 0 }).models.list());
found.noTokens = await refusal(() =>
  new OpenAI({ baseURL, apiKey: poorKey, maxRetries: 0 }).chat.completions.create({ model, messages }),
);
found.noModel = await refusal(() => client.chat.completions.create({ model: "gpt-0", messages }));
process.stdout.write(JSON.stringify(found));
