import type { ForgeAnswer, ForgeQuestion, MessageFromWorker, MessageToWorker } from "./worker-message.ts";

/** The forge's refusal of something that a step asked for; its message is for the step's log. */
export class ForgeRefusal extends Error {
  override readonly name = "ForgeRefusal";
}

/** The worker's end of the channel to the forge. */
export class ForgeLink {
  readonly #waiting = new Map<number, (answer: ForgeAnswer) => void>();
  #lastId = 0;

  send(message: MessageFromWorker): void {
    process.send?.(message);
  }

  /** @throws ForgeRefusal */
  async ask(question: ForgeQuestion): Promise<unknown> {
    const id = (this.#lastId += 1);
    const answer = await new Promise<ForgeAnswer>((resolve) => {
      this.#waiting.set(id, resolve);
      this.send({ kind: "ask", id, question });
    });
    if (!answer.ok) throw new ForgeRefusal(answer.reason);
    return answer.value;
  }

  receive(message: Extract<MessageToWorker, { kind: "answer" }>): void {
    this.#waiting.get(message.id)?.(message.answer);
    this.#waiting.delete(message.id);
  }
}
