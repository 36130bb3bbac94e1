// Written by `manciple types`; do not edit. Needs the package @trpc/server (11.4 or newer) for
// its types alone: nothing of it ends up in a bundle.
import type {
  TRPC_ERROR_CODE_KEY,
  TRPCBuiltRouter,
  TRPCErrorShape,
  TRPCMutationProcedure,
  TRPCQueryProcedure,
  TRPCSubscriptionProcedure,
} from "@trpc/server";

type Query<I, O> = TRPCQueryProcedure<{ input: I; output: O; meta: object }>;
type Mutation<I, O> = TRPCMutationProcedure<{ input: I; output: O; meta: object }>;
type Subscription<I, O> = TRPCSubscriptionProcedure<{
  input: I;
  output: AsyncIterable<O, void, any>;
  meta: object;
}>;

/** An item of a subscription that can be resumed after: pass its id as `lastEventId`. */
export type Tracked<T> = { id: string; data: T };

/** What is wrong with an input: as a whole, and by its top-level fields. */
export type InputProblems = {
  formErrors: string[];
  fieldErrors: { [field: string]: string[] | undefined };
};

/** What every error carries; `zodError` is null unless the input was refused. */
export type ErrorData = {
  code: TRPC_ERROR_CODE_KEY;
  httpStatus: number;
  path?: string;
  stack?: string;
  zodError: InputProblems | null;
};

export interface ErrorShape extends TRPCErrorShape<ErrorData> {}

/** Where a thing stands. */
export type Aisle = "dairy" | "frozen";

/** A shelf within shelves. */
export type Category = {
  title: string;
  children: Category[];
};

/** A shelf within shelves. */
export type CategoryInput = {
  title: string;
  /** @default [] */
  children?: CategoryInput[] | undefined;
};

export type Corner = [row: number, column: number];

/** Sold by the piece. */
export type Counted = {
  kind: "counted";
  pieces: number;
  perPack: number;
};

/** Sold by the piece. */
export type CountedInput = {
  kind: "counted";
  pieces: number;
  /** @default 1 */
  perPack?: number | undefined;
};

/** A price as the shop says it: never *\/ a float. */
export type Money = {
  amount: number;
  currency: string;
};

/** A price as the shop says it: never *\/ a float. */
export type MoneyInput = {
  amount: number;
  /** @default "USD" */
  currency?: string | undefined;
};

/** A name that needs quotes on the wire. */
export type Odd = {
  "odd-value": number;
};

/** An input that may be left out as a whole. */
export type Options = {
  /** @default false */
  isFresh?: boolean | undefined;
};

/** Some of many. */
export type PageOfThing = {
  items: Thing[];
  nextCursor: string | null;
};

export type Point = [x: number, y: number];

export type PointInput = [x: number, y?: number];

export type Progress = {
  done: number;
};

export type Stars = 1 | 5;

/** A thing on a shelf. */
export type Thing = {
  thingId: string;
  price: Money | null;
  aisle: Aisle;
  stars: Stars | null;
  measure: Weighed | Counted;
  seenAt: string;
  bestBefore: string | null;
  key: string;
  picture: string;
  place: Corner;
  at: Point;
  spans: [number, string, boolean];
  tags: string[];
  counts: Record<string, number>;
  perAisle: Partial<Record<Aisle, (number | null)[]>>;
  extra?: unknown;
  note?: string;
  category: Category;
  state: 3 | "new" | "old";
};

export type ThingId = {
  thingId: string;
};

/** A thing on a shelf. */
export type ThingInput = {
  thingId: string;
  /** @default null */
  price?: MoneyInput | null | undefined;
  aisle: Aisle;
  /** @default null */
  stars?: Stars | null | undefined;
  measure: Weighed | CountedInput;
  seenAt: string;
  /** @default null */
  bestBefore?: string | null | undefined;
  key: string;
  /** @default "" */
  picture?: string | undefined;
  place: Corner;
  at: PointInput;
  spans: [number, string, boolean];
  /** @default [] */
  tags?: string[] | undefined;
  /** @default {} */
  counts?: Record<string, number> | undefined;
  /** @default {} */
  perAisle?: Partial<Record<Aisle, (number | null)[]>> | undefined;
  /** @default null */
  extra?: unknown;
  note?: string | undefined;
  category: CategoryInput;
  /** @default "new" */
  state?: 3 | "new" | "old" | undefined;
};

/** A type that bears a name of the written file. */
export type TrickyQuery = {
  text: string;
};

/** What is looked for. */
export type WantedThings = {
  /**
   * In plain words.
   * @minLength 1
   * @maxLength 200
   */
  query: string;
  /**
   * @minimum 1
   * @maximum 100
   * @default 20
   */
  limit?: number | undefined;
  /** @default null */
  cursor?: string | null | undefined;
  /** @default [] */
  aisles?: Aisle[] | undefined;
  /**
   * In dollars.
   * @default null
   */
  maxPrice?: number | null | undefined;
  /** @default "relevance" */
  sort?: "price" | "relevance" | undefined;
  /** @default null */
  measure?: Weighed | CountedInput | null | undefined;
};

/** Sold by weight. */
export type Weighed = {
  kind: "weighed";
  grams: number;
};

export type AppRouterRecord = {
  auth: {
    /**
     * Nothing; the session is over.
     *
     * Needs the grant `public`.
     */
    logout: Mutation<void, undefined>;
    /**
     * The name of the caller.
     *
     * Needs the grant `public`.
     */
    whoAmI: Query<TrickyQuery | null | void, string>;
  };
  groceryNLPQueue: {
    /**
     * Tracked and untracked items.
     *
     * Needs the grant `read`.
     */
    mixed: Subscription<void, Tracked<Progress> | Money>;
    /**
     * Progress, resumable.
     *
     * Needs the grant `read`.
     */
    onProgress: Subscription<ThingId | null | void, Tracked<Progress>>;
    /**
     * Numbers as they come.
     *
     * Needs the grant `public`.
     */
    ticks: Subscription<Progress, number>;
  };
  walmartGrocery: {
    /**
     * Whatever there is.
     *
     * Needs the grant `admin`.
     */
    anything: Query<Options | void, unknown>;
    /**
     * One thing, or nothing.
     *
     * Raises:
     *     NotFound: never; *\/ does not end this.
     *
     * Needs the grant `read`.
     */
    getThing: Query<ThingId, Thing | null>;
    /**
     * The id of what was put.
     *
     * Needs the grant `write`.
     */
    putThing: Mutation<ThingInput, ThingId>;
    /**
     * The things that fit best, a page at a time.
     *
     * Needs the grant `read`.
     */
    search: Query<WantedThings, PageOfThing>;
    /**
     * How much of a form came.
     *
     * Needs the grant `write`.
     */
    upload: Mutation<FormData, Odd>;
    /**
     * How many bytes came.
     *
     * Needs the grant `write`.
     */
    uploadRaw: Mutation<Blob | Uint8Array, number>;
  };
};

export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  AppRouterRecord
>;
