// A stream of text, cut into its lines. Holds one line at a time and of that only so many bytes.

/** A line that is too long is told by its length: its text is not kept. */
export type Line =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'oversize'; readonly length: number };

export class LineCutter {
  readonly #bytesMax: number;
  #begun = '';
  #length = 0;

  constructor({ bytesMax }: { readonly bytesMax: number }) {
    this.#bytesMax = bytesMax;
  }

  /** The lines that end in this chunk. One character a byte: text that is no ASCII stays apart. */
  push(chunk: Uint8Array): readonly Line[] {
    const text = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString('latin1');
    const lines: Line[] = [];
    let at = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', at)) {
      this.#add(text.slice(at, end));
      lines.push(this.#take());
      at = end + 1;
    }
    this.#add(text.slice(at));
    return lines;
  }

  /** What follows the last line break, where that is anything. */
  end(): readonly Line[] {
    return this.#length === 0 ? [] : [this.#take()];
  }

  #add(piece: string): void {
    this.#length += piece.length;
    this.#begun = this.#length > this.#bytesMax ? '' : this.#begun + piece;
  }

  #take(): Line {
    const [text, length] = [this.#begun, this.#length];
    this.#begun = '';
    this.#length = 0;
    return length > this.#bytesMax ? { kind: 'oversize', length } : { kind: 'text', text };
  }
}
