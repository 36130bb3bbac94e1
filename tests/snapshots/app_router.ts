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

/** An outcome for each item in the order they were sent; `success` if none was refused. */
export type AddAnswer = {
  success: boolean;
  results: AddOutcome[];
  added: number;
  merged: number;
  refused: number;
  list: GroceryListShape;
};

/**
 * What became of one item; `reason` (for programs) and `problem` (for people) where refused.
 *
 * `quantity` is what the line holds now, with what it joined.
 */
export type AddOutcome = {
  status: Added;
  productId: string | null;
  itemId: string | null;
  name: string | null;
  quantity: number | null;
  reason: Reason | null;
  problem: string | null;
};

/** What to add; everything in one call is added in one transaction. */
export type AddToListInput = {
  listId: string;
  /** @maxItems 500 */
  items: ListItemInput[];
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @default null
   */
  version?: number | null;
};

/** What became of one item that somebody wanted on a list. */
export type Added = "added" | "merged" | "refused";

/** `userId` may be left out; it must be your own. */
export type CreateListInput = {
  name: string;
  /** @default null */
  description?: string | null;
  /** @default null */
  userId?: string | null;
};

/** Which list to copy, and what to call the copy. */
export type DuplicateListInput = {
  listId: string;
  /** @default null */
  name?: string | null;
};

/** A list with its lines, in order. */
export type GroceryListShape = {
  id: string;
  userId: string;
  name: string;
  description: string | null;
  status: ListStatus;
  version: number;
  itemCount: number;
  checkedCount: number;
  estimatedTotal: number;
  remainingTotal: number;
  itemsWithoutPrice: number;
  currency: string;
  createdAt: string;
  updatedAt: string;
  items: ListLine[];
};

/** `healthy`, `degraded` (an optional part is down) or `unhealthy` (the database is). */
export type HealthReport = {
  status: "degraded" | "healthy" | "unhealthy";
  timestamp: string;
  services: Parts;
};

/** What became of one line. */
export type ItemStatus = "pending" | "checked" | "unavailable";

/** Which lines of which list. */
export type ItemsInput = {
  listId: string;
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @default null
   */
  version?: number | null;
  /** @maxItems 500 */
  itemIds: string[];
};

/** A list as it is after the call. */
export type ListAnswer = {
  success: boolean;
  list: GroceryListShape;
};

/** Which list. */
export type ListInput = {
  listId: string;
};

/** A product by its id, or words in `text`. */
export type ListItemInput = {
  /** @default null */
  productId?: string | null;
  /** @default null */
  text?: string | null;
  /** @default 1 */
  quantity?: number;
  /** @default null */
  unit?: string | null;
  /** @default null */
  notes?: string | null;
  /** @default true */
  substitutionAllowed?: boolean;
  /** @default [] */
  substitutes?: string[];
};

/**
 * One line of a list: a product, or only words (`productId` is null).
 *
 * `price` is of one package and `estimatedPrice` of the whole line; where that is null,
 * `priceMissing` says why. `quantity` counts `unit`s, and packages where that is null.
 */
export type ListLine = {
  id: string;
  productId: string | null;
  name: string;
  quantity: number;
  unit: string | null;
  notes: string | null;
  status: ItemStatus;
  substitutionAllowed: boolean;
  substitutes: string[];
  packages: number | null;
  price: number | null;
  estimatedPrice: number | null;
  priceMissing: Unpriced | null;
  inStock: boolean | null;
  imageUrl: string | null;
  addedAt: string;
  checkedAt: string | null;
};

/** Where a list is in its life; only an active one can be edited. */
export type ListStatus = "active" | "archived" | "deleted";

/**
 * A list without its lines. Totals are by the prices known now, without tax.
 *
 * `estimatedTotal` counts every line but the unavailable ones, `remainingTotal` those not
 * checked off yet; `itemsWithoutPrice` are in neither, since nobody knows their price.
 */
export type ListSummary = {
  id: string;
  userId: string;
  name: string;
  description: string | null;
  status: ListStatus;
  version: number;
  itemCount: number;
  checkedCount: number;
  estimatedTotal: number;
  remainingTotal: number;
  itemsWithoutPrice: number;
  currency: string;
  createdAt: string;
  updatedAt: string;
};

/** Some lists, newest first; `nextCursor` asks for more, and is null at the end. */
export type ListsAnswer = {
  success: boolean;
  lists: ListSummary[];
  count: number;
  nextCursor: string | null;
};

/** Which lists: the active ones, the archived ones, or both. */
export type ListsInput = {
  /** @default "active" */
  status?: "active" | "all" | "archived";
  /**
   * @minimum 1
   * @maximum 100
   * @default 50
   */
  limit?: number;
  /** @default null */
  cursor?: string | null;
  /** @default null */
  userId?: string | null;
};

/** This process in figures, since it started. */
export type MetricsReport = {
  uptimeS: number;
  memoryBytes: number;
  cpuS: number;
  threads: number;
  cachedAnswers: number;
  cachedBytes: number;
  cacheHits: number;
  cacheMisses: number;
  calls: Record<string, number>;
};

/** One part: `latency` is milliseconds that looking at it took; `off` means not in use. */
export type PartReport = {
  status: "healthy" | "off" | "unhealthy";
  latency: number | null;
  detail: string | null;
};

/** The parts of the house; only the database is essential. */
export type Parts = {
  database: PartReport;
  nlp: PartReport;
  websocket: PartReport;
  external: PartReport;
};

/** Why an item was refused, for programs; `Outcome.problem` says it to people. */
export type Reason = "unknown_product" | "nothing_named" | "bad_quantity" | "too_much" | "too_long" | "list_full";

/** How many instances there may be. */
export type ScalingReport = {
  minInstances: number;
  maxInstances: number;
  autoScale: boolean;
};

/** One service; durations are milliseconds. */
export type ServiceReport = {
  name: string;
  purpose: string;
  port: number;
  protocol: string;
  capacity: number;
  weight: number;
  loadBalancingStrategy: string;
  scaling: ScalingReport;
  healthCheckInterval: number;
  deploymentPriority: number;
  status: "planned" | "running";
};

/** The list after an edit of many lines; `missing` are the ids that no line has. */
export type TouchAnswer = {
  success: boolean;
  done: string[];
  missing: string[];
  list: GroceryListShape;
};

/** The list after an undo; `undone` names the change that was taken back. */
export type UndoAnswer = {
  success: boolean;
  undone: string;
  list: GroceryListShape;
};

/** Why a line has no price. */
export type Unpriced = "no_product" | "unknown_product" | "no_price" | "other_currency" | "unit_unclear";

/** What to change of a line; what is left out stays, and "" empties `unit` or `notes`. */
export type UpdateItemInput = {
  listId: string;
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @default null
   */
  version?: number | null;
  itemId: string;
  /** @default null */
  quantity?: number | null;
  /** @default null */
  unit?: string | null;
  /** @default null */
  notes?: string | null;
  /** @default null */
  text?: string | null;
  /** @default null */
  status?: ItemStatus | null;
  /** @default null */
  substitutionAllowed?: boolean | null;
  /** @default null */
  substitutes?: string[] | null;
};

/** A new name or description; what is left out stays, and "" removes a description. */
export type UpdateListInput = {
  listId: string;
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @default null
   */
  version?: number | null;
  /** @default null */
  name?: string | null;
  /** @default null */
  description?: string | null;
};

/** Which list, as the caller last saw it. */
export type VersionedListInput = {
  listId: string;
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @default null
   */
  version?: number | null;
};

export type AppRouterRecord = {
  monitoring: {
    /**
     * The state of every part of the house, looked at now.
     *
     * Needs the grant `public`.
     */
    health: Query<void, HealthReport>;
    /**
     * Memory, cache and calls of this process since it started.
     *
     * Needs the grant `read`.
     */
    metrics: Query<void, MetricsReport>;
    /**
     * Every service with its port, capacity and scaling, in order of deployment.
     *
     * Needs the grant `read`.
     */
    services: Query<void, ServiceReport[]>;
  };
  walmartGrocery: {
    /**
     * Each item added, merged into the line of the same product and unit, or refused with a reason.
     *
     * One refused item does not keep the others off the list.
     *
     * Needs the grant `write`.
     */
    addToList: Mutation<AddToListInput, AddAnswer>;
    /**
     * The list put away: kept, and not to be edited until it is restored.
     *
     * Needs the grant `write`.
     */
    archiveList: Mutation<VersionedListInput, ListAnswer>;
    /**
     * The list with these lines checked off.
     *
     * Needs the grant `write`.
     */
    checkItems: Mutation<ItemsInput, TouchAnswer>;
    /**
     * The list without what is checked off.
     *
     * Needs the grant `write`.
     */
    clearChecked: Mutation<VersionedListInput, TouchAnswer>;
    /**
     * A new, empty grocery list of yours.
     *
     * Needs the grant `write`.
     */
    createList: Mutation<CreateListInput, ListAnswer>;
    /**
     * The list out of sight; `restoreList` and `undoListChange` bring it back.
     *
     * Needs the grant `write`.
     */
    deleteList: Mutation<VersionedListInput, ListAnswer>;
    /**
     * A new list with the same lines, none of them checked off.
     *
     * Needs the grant `write`.
     */
    duplicateList: Mutation<DuplicateListInput, ListAnswer>;
    /**
     * One of your lists with its lines, priced as of now.
     *
     * Needs the grant `read`.
     */
    getList: Query<ListInput, ListAnswer>;
    /**
     * Your lists without their lines, newest first, page by page.
     *
     * Needs the grant `read`.
     */
    getLists: Query<ListsInput | void, ListsAnswer>;
    /**
     * The list without these lines.
     *
     * Needs the grant `write`.
     */
    removeItems: Mutation<ItemsInput, TouchAnswer>;
    /**
     * The list with these lines first, in this order; all others follow as they stood.
     *
     * Needs the grant `write`.
     */
    reorderItems: Mutation<ItemsInput, TouchAnswer>;
    /**
     * The list in use again, be it archived or deleted.
     *
     * Needs the grant `write`.
     */
    restoreList: Mutation<VersionedListInput, ListAnswer>;
    /**
     * The list with these lines open again.
     *
     * Needs the grant `write`.
     */
    uncheckItems: Mutation<ItemsInput, TouchAnswer>;
    /**
     * The list without its last change; asked again, without the one before, up to fifty.
     *
     * Needs the grant `write`.
     */
    undoListChange: Mutation<VersionedListInput, UndoAnswer>;
    /**
     * The list with one line changed.
     *
     * Needs the grant `write`.
     */
    updateItem: Mutation<UpdateItemInput, ListAnswer>;
    /**
     * The list under another name or description.
     *
     * Needs the grant `write`.
     */
    updateList: Mutation<UpdateListInput, ListAnswer>;
  };
};

export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  AppRouterRecord
>;
