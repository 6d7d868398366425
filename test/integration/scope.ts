// What the helpers of integration tests need of the test they help; a proof outside of the test
// runner has one as well.

export interface Scope {
  /** To be run at its end. */
  after(act: () => unknown): void;
  /** Known at its end. */
  readonly passed: boolean;
}
