// What a check found of one kind: how many, and the first of them for people to look at.

export interface Findings {
  readonly count: number;
  readonly examples: readonly string[];
}

const examplesMax = 10;

export class FindingList implements Findings {
  count = 0;
  readonly examples: string[] = [];

  add(example: string): void {
    this.count += 1;
    if (this.examples.length < examplesMax) this.examples.push(example);
  }
}
