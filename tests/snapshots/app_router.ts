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
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /** @maxItems 500 */
  items: ListItemInput[];
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @minimum 0
   * @maximum 9007199254740991
   * @default null
   */
  version?: number | null | undefined;
};

/** What became of one item that somebody wanted on a list. */
export type Added = "added" | "merged" | "refused";

/** What happened. */
export type AlertKind = "below" | "drop" | "back_in_stock";

/** Something you were told; `before` is your threshold, or the price that it fell from. */
export type AlertShape = {
  id: number;
  productId: string;
  name: string;
  kind: AlertKind;
  price: PriceShape | null;
  before: number | null;
  at: string;
};

/** A page of what you were told, newest first. */
export type AlertsAnswer = {
  alerts: AlertShape[];
  nextCursor: number | null;
};

/** How many, and where to go on. */
export type AlertsInput = {
  /**
   * @minimum 1
   * @maximum 100
   * @default 20
   */
  limit?: number | undefined;
  /**
   * @minimum 1
   * @maximum 9007199254740991
   * @default null
   */
  cursor?: number | null | undefined;
};

/** An intent and the probability that it was meant. */
export type AlternativeShape = {
  intent: string;
  confidence: number;
};

/**
 * The answer to a sentence.
 *
 * `called` were asked at once, for they only read. Where `plan` is there, nothing is changed until
 * `agent.confirm` is called with `token`, or the next sentence is a yes. `done` tells that this
 * sentence was the yes, and `links` fill the shop's cart where a basket was handed over.
 */
export type AskAnswer = {
  success: boolean;
  answer: string;
  understood: UnderstoodShape;
  called: StepShape[];
  plan: PlanShape | null;
  token: string | null;
  expiresAt: string | null;
  question: QuestionShape | null;
  done: boolean;
  wasDoneBefore: boolean;
  links: string[];
};

/** Who did what to which object, from where; `hash` covers all entries before it too. */
export type AuditEntryShape = {
  seq: number;
  at: string;
  actor: string;
  address: string;
  action: string;
  objectId: string;
  outcome: string;
  details: string;
  hash: string;
};

/** Which entries: up to `limit`, before the one of number `before`, of one person if said. */
export type AuditInput = {
  /**
   * @minimum 1
   * @maximum 200
   * @default 50
   */
  limit?: number | undefined;
  /**
   * @minimum 1
   * @maximum 9007199254740991
   * @default null
   */
  before?: number | null | undefined;
  /**
   * @maxLength 400
   * @default null
   */
  actor?: string | null | undefined;
};

/** Entries, newest first; `next` is the `before` of the next page, where there is one. */
export type AuditPage = {
  entries: AuditEntryShape[];
  next: number | null;
};

/**
 * Whether the trail is whole; if not, the first entry that does not follow, or the problem.
 *
 * `checkpoint` is the entry that was noted outside of the database, which must still be there.
 */
export type AuditVerdict = {
  ok: boolean;
  entries: number;
  firstBroken: number | null;
  checkpoint: number | null;
  problem: string | null;
  newestHash: string;
};

/** The envelopes of a month, and what to be warned of. */
export type BudgetAnswer = {
  month: string;
  envelopes: EnvelopeShape[];
  spendings: SpendingShape[];
  warnings: string[];
};

/** Which month, and what is planned in it. */
export type BudgetInput = {
  /**
   * As `YYYY-MM`; null stands for this one, in UTC.
   * @default null
   */
  month?: string | null | undefined;
  /**
   * A list's `id`, as `getLists` gives it: its open lines count as planned.
   * @default null
   */
  listId?: string | null | undefined;
};

/** How an instance does for its callers here: calls since start, and what its breaker says. */
export type CallersView = {
  breaker: "closed" | "half_open" | "open";
  isEjected: boolean;
  calls: number;
  failures: number;
  responseS: number | null;
};

/** The old password and the new one; every other session ends. */
export type ChangePasswordInput = {
  /** @maxLength 400 */
  oldPassword: string;
  /** @maxLength 400 */
  newPassword: string;
};

/** What to do; with `stockPantry`, completing also puts what was bought into the pantry. */
export type ChangeSessionInput = {
  /** A session's `id`, as `startShoppingSession` gives it. */
  sessionId: string;
  action: "abandon" | "complete" | "pause" | "reopen" | "resume";
  /** @default false */
  stockPantry?: boolean | undefined;
};

/**
 * How a line differs from the quote; `now` is null where it cannot be had or priced.
 *
 * `wasStated` and `nowStated` are the prices of one package that the sums are made of.
 */
export type ChangeShape = {
  productId: string;
  name: string;
  was: number | null;
  now: number | null;
  wasStated: PriceShape | null;
  nowStated: PriceShape | null;
};

/**
 * Where the checkout stands. No order is ever placed here: `orderPlaced` is always false.
 *
 * `success` is false where a confirmation was refused; `changes` then says what differs, and
 * `quote` is a new one.
 */
export type CheckoutAnswer = {
  success: boolean;
  status: CheckoutStatus;
  message: string;
  orderPlaced: boolean;
  session: ShapesSessionsSessionShape;
  quote: QuoteShape;
  changes: ChangeShape[];
  cartLinks: string[];
  notHandedOver: LeftOutShape[];
  handedOverTotal: number | null;
};

/** Which session, and whether its quote was read. */
export type CheckoutInput = {
  /** A session's `id`, as `startShoppingSession` gives it. */
  sessionId: string;
  /**
   * That a quote was read and may be handed over; null asks for one.
   * @default null
   */
  confirmation?: ConfirmationInput | null | undefined;
  /**
   * By how many percent (0 to 100) the total may rise until a quote is confirmed, as its terms keep it; null stands for 2.
   * @default null
   */
  tolerancePercent?: number | null | undefined;
};

/** How far the checkout is. */
export type CheckoutStatus = "needs_confirmation" | "quote_expired" | "quote_changed" | "handed_over";

/** What to search for; every product found is paid for. */
export type CollectInput = {
  /**
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
};

/**
 * How a search does; once it is `done`, the products that are known now.
 *
 * `snapshotId` is the collector's own number of a search that was begun.
 */
export type CollectionAnswer = {
  jobId: number;
  state: State;
  note: string | null;
  problem: string | null;
  snapshotId: string | null;
  productIds: string[];
  refused: RefusedSearch[];
};

/** Which search. */
export type CollectionInput = {
  /**
   * @minimum 1
   * @maximum 9007199254740991
   */
  jobId: number;
};

/** The products by unit price, the cheapest first; what does not compare comes last. */
export type CompareAnswer = {
  products: ComparedPrice[];
  unknown: string[];
};

/**
 * A product's price for one base amount; `rank` 1 is the cheapest that compares.
 *
 * `stated` says who said the price; `rank` is null where no unit price is known, or it is of
 * another kind than the first's.
 */
export type ComparedPrice = {
  productId: string;
  name: string;
  price: number | null;
  stated: PriceShape | null;
  unitPrice: string | null;
  rank: number | null;
};

/** That you read the quote: its `id` and its `termsHash`. */
export type ConfirmationInput = {
  quoteId: string;
  termsHash: string;
};

/** What is meant by a phrase from now on: a product, or other words. */
export type CorrectionInput = {
  /**
   * @minLength 1
   * @maxLength 100
   */
  phrase: string;
  /**
   * @minLength 1
   * @maxLength 100
   */
  meant: string;
  /**
   * @maxLength 100
   * @default null
   */
  productId?: string | null | undefined;
};

/** By `phrase` your household means `meant`. */
export type CorrectionShape = {
  phrase: string;
  meant: string;
  productId: string | null;
  brand: string | null;
  times: number;
  updatedAt: string;
};

/** Every correction, the newest first. */
export type CorrectionsAnswer = {
  corrections: CorrectionShape[];
};

/** The name of a new household. */
export type CreateHouseholdInput = {
  /** @maxLength 400 */
  name: string;
};

/** What the new list is called. */
export type CreateListInput = {
  name: string;
  /** @default null */
  description?: string | null | undefined;
  /**
   * May be left out; it must be your own.
   * @default null
   */
  userId?: string | null | undefined;
};

/** A token for a program; without `expiresInDays` it lives until it is revoked. */
export type CreateTokenInput = {
  /** @maxLength 80 */
  name: string;
  /** @default ["read"] */
  grants?: ("admin" | "read" | "system" | "write")[] | undefined;
  /**
   * @minimum 1
   * @maximum 366
   * @default null
   */
  expiresInDays?: number | null | undefined;
};

/** A product's newest price; where `price` is null, `priceMissing` says why. */
export type CurrentPrice = {
  productId: string;
  name: string;
  currentPrice: number | null;
  price: PriceShape | null;
  priceMissing: string | null;
  unitPrice: string | null;
  inStock: boolean | null;
};

/** How many at most, of which queue (null: of all), and before which one. */
export type DeadInput = {
  /**
   * @minLength 1
   * @maxLength 100
   * @default null
   */
  queue?: string | null | undefined;
  /**
   * @minimum 1
   * @maximum 200
   * @default 50
   */
  limit?: number | undefined;
  /**
   * @minimum 1
   * @maximum 9007199254740991
   * @default null
   */
  before?: number | null | undefined;
};

/** A job and why it failed the last time; what it holds of its owner is not shown. */
export type DeadLetter = {
  jobId: number;
  queue: string;
  kind: string;
  tenant: string;
  state: State;
  attempt: number;
  maxAttempts: number;
  error: string | null;
  createdAt: string;
  endedAt: string | null;
};

/** Jobs that failed for good, newest first; `next` is where the following page begins. */
export type DeadLetters = {
  jobs: DeadLetter[];
  next: number | null;
};

/** Your password, so that nobody else at your screen does it. */
export type DeleteAccountInput = {
  /** @maxLength 400 */
  password: string;
};

/** A page of the log, newest first. */
export type DeliveriesAnswer = {
  deliveries: DeliveryShape[];
  nextCursor: number | null;
};

/** Of which webhook, how many, and where to go on. */
export type DeliveriesInput = {
  webhookId: string;
  /** @default null */
  state?: DeliveryState | null | undefined;
  /**
   * @minimum 1
   * @maximum 100
   * @default 20
   */
  limit?: number | undefined;
  /**
   * @minimum 1
   * @maximum 9007199254740991
   * @default null
   */
  cursor?: number | null | undefined;
};

/** Which delivery. */
export type DeliveryInput = {
  /**
   * @minimum 1
   * @maximum 9007199254740991
   */
  deliveryId: number;
};

/** A message and what became of it; `status` and `answer` are of the last attempt. */
export type DeliveryShape = {
  deliveryId: number;
  webhookId: string;
  messageId: string;
  topic: string;
  state: DeliveryState;
  attempts: number;
  status: number | null;
  problem: string | null;
  answer: string;
  tookMs: number;
  createdAt: string;
  lastAttemptAt: string | null;
};

/** What became of a message. */
export type DeliveryState = "waiting" | "delivered" | "failed" | "skipped";

/**
 * One product with all that is known of it.
 *
 * `isRealTime` is false where no live source is set up: the price is then the newest one known,
 * and `price` says where it comes from.
 */
export type DetailsAnswer = {
  productId: string;
  name: string;
  brand: string | null;
  description: string | null;
  category: string | null;
  categoryPath: string[];
  currentPrice: number | null;
  price: PriceShape | null;
  priceMissing: string | null;
  unitPrice: string | null;
  size: SizeShape | null;
  inStock: boolean | null;
  rating: number | null;
  reviewCount: number | null;
  imageUrl: string | null;
  productUrl: string | null;
  gtin: string | null;
  claims: string[];
  ingredients: string | null;
  processing: number | null;
  source: string;
  updatedAt: string;
  isRealTime: boolean;
  realTimeMissing: string | null;
};

/** Which product. */
export type DetailsInput = {
  /**
   * A product's `productId`, as `search` gives it.
   * @minLength 1
   * @maxLength 100
   */
  productId: string;
  /**
   * Whether the shop is asked for the price first: an outside request, made only where a live source is set up and no fresh price is known.
   * @default false
   */
  includeRealTime?: boolean | undefined;
};

/** One way in which the substitute differs, and the share of the score that this leaves. */
export type DifferenceShape = {
  what: string;
  left: number;
};

/** Which service. */
export type DiscoverInput = {
  /**
   * @minLength 1
   * @maxLength 60
   */
  name: string;
};

/** Which instance, by the id that `status` tells. */
export type DrainInput = {
  /**
   * @minLength 1
   * @maxLength 100
   */
  instanceId: string;
};

/** Which list to copy, and what to call the copy. */
export type DuplicateListInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /** @default null */
  name?: string | null | undefined;
};

/** A span of the sentence; `value` is its number or its canonical unit. */
export type EntityShape = {
  type: string;
  text: string;
  start: number;
  end: number;
  seg: number;
  item: number | null;
  value: number | string | null;
  negated: boolean;
  role: string | null;
};

/**
 * Who is signed in now. A browser that asked for a cookie is given no tokens.
 *
 * `accessToken` goes into `Authorization: Bearer …` until `accessExpiresAt`; `refreshToken` is
 * exchanged once, and the session ends at `sessionExpiresAt` if it never is.
 */
export type EntranceShape = {
  user: UserShape;
  sessionId: string;
  sessionExpiresAt: string;
  accessToken: string | null;
  accessExpiresAt: string | null;
  refreshToken: string | null;
};

/** An envelope from `month` on; without a category for everything. */
export type EnvelopeInput = {
  /** In dollars a month; null takes the limit away from then on. */
  limit: number | null;
  /** @default null */
  category?: string | null | undefined;
  /**
   * As `YYYY-MM`; null stands for this one, in UTC.
   * @default null
   */
  month?: string | null | undefined;
};

/** An envelope in one month; `category` is null for everything. `left` may be below zero. */
export type EnvelopeShape = {
  category: string | null;
  limit: number;
  spent: number;
  planned: number;
  left: number;
  level: Level;
};

/** That nothing is left. */
export type Erased = {
  erased: boolean;
};

/** How many sentences were erased. */
export type ErasedAnswer = {
  success: boolean;
  erased: number;
};

/**
 * A failure that nobody foresaw; its text is in the log, under the `reference`.
 *
 * `where` is the last line of the house's own code that it went through. `service` and `instance`
 * are null where one process is everything.
 */
export type ErrorReport = {
  reference: string;
  at: string;
  procedure: string;
  kind: string;
  where: string;
  service: string | null;
  instance: string | null;
};

/** Something that happened. `events.gap` says that older events are kept no more. */
export type EventMessage = {
  id: string;
  type: string;
  timestamp: string | null;
  data?: unknown;
};

/** Why a product stands where it stands. */
export type Explanation = {
  productId: string;
  score: number;
  reasons: ReasonShape[];
};

/** What is kept of somebody: rows by the names of their tables and columns. */
export type ExportShape = {
  exportedAt: string;
  kept: Record<string, Record<string, unknown>[]>;
};

/** The values of one property (`category`, `brand`, `dietary`) among the hits, most first. */
export type FacetShape = {
  name: string;
  values: FacetValue[];
};

/** One value and how many hits have it. */
export type FacetValue = {
  value: string;
  count: number;
};

/** Nothing; these products in their order; only the same size; whatever the owner picks. */
export type Fallback = "never" | "these" | "same_size" | "ask";

/**
 * What stands in for the line, best first: `named` products of yours, else `proposals`.
 *
 * Where `needsAsking` is true, nothing may be taken before you pick; where it is false, the first
 * one may, or, if there is none, the line stays out.
 */
export type FallbackAnswer = {
  success: boolean;
  rule: Fallback;
  named: ProductShape[];
  proposals: SubstituteShape[];
  needsAsking: boolean;
};

/** One line of one of your lists. */
export type FallbackInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /** The `id` of a line, as `getList` gives it. */
  itemId: string;
};

/** One named charge beside the goods. */
export type FeeShape = {
  label: string;
  amount: number;
};

/** Which list, and what to fill it from. */
export type FillListInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /**
   * Whether to add what is short at home.
   * @default true
   */
  pantry?: boolean | undefined;
  /**
   * Whether to add staples that fall due.
   * @default true
   */
  staples?: boolean | undefined;
  /**
   * Staples due within so many days count too.
   * @minimum 0
   * @maximum 60
   * @default 3
   */
  aheadDays?: number | undefined;
};

/** What was put on the list, and why; `success` if nothing was refused. */
export type FilledAnswer = {
  success: boolean;
  results: AddOutcome[];
  fromPantry: number;
  fromStaples: number;
  list: GroceryListShape;
};

/** The product that is gone, and what matters of a substitute. */
export type FindSubstitutionsInput = {
  /** A product's `productId`, as `search` gives it. */
  productId: string;
  /**
   * May be left out; it must be your own.
   * @default null
   */
  userId?: string | null | undefined;
  /**
   * The least `similarity`; null: 0.4, or less where few are so alike.
   * @minimum 0
   * @maximum 1
   * @default null
   */
  similarityThreshold?: number | null | undefined;
  /**
   * In dollars, either way; a product without a known price is then left out.
   * @default null
   */
  maxPriceDifference?: number | null | undefined;
  /**
   * Names of brands, added to those of your preferences.
   * @maxItems 100
   * @default []
   */
  preferredBrands?: string[] | undefined;
  /**
   * Names of brands, added to those of your preferences.
   * @maxItems 100
   * @default []
   */
  avoidBrands?: string[] | undefined;
  /**
   * @minimum 1
   * @maximum 20
   * @default 10
   */
  limit?: number | undefined;
};

/** One of your lists. */
export type ForListInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /**
   * @minimum 1
   * @maximum 50
   * @default 10
   */
  limit?: number | undefined;
};

/** Which phrase; left out: all. */
export type ForgetInput = {
  /**
   * @maxLength 100
   * @default null
   */
  phrase?: string | null | undefined;
};

/** That the thing is gone. */
export type Forgotten = {
  success: boolean;
};

/** How many were forgotten. */
export type ForgottenAnswer = {
  success: boolean;
  forgotten: number;
};

/** A list with its lines, in order. */
export type GroceryListShape = {
  id: string;
  userId: string;
  householdId: string | null;
  access: "own" | "read" | "write";
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

/** An instance of a service that was started by hand, and where it is reached. */
export type GuestInput = {
  /**
   * @minLength 1
   * @maxLength 60
   */
  name: string;
  /**
   * @minLength 1
   * @maxLength 255
   * @default "localhost"
   */
  host?: string | undefined;
  /**
   * @minimum 1
   * @maximum 65535
   */
  port: number;
  /**
   * @pattern ^/[!-~]*$
   * @maxLength 200
   * @default "/health"
   */
  health_endpoint?: string | undefined;
};

/** `healthy`, `degraded` (an optional part is down) or `unhealthy` (the database is). */
export type HealthReport = {
  status: "degraded" | "healthy" | "unhealthy";
  timestamp: string;
  services: Parts;
};

/** The database's files, and the disk that they are on. */
export type HouseSample = {
  at: string;
  databaseBytes: number;
  walBytes: number;
  diskFreeBytes: number;
  diskTotalBytes: number;
};

/** Which household. */
export type HouseholdInput = {
  /** @maxLength 400 */
  householdId: string;
};

/** A household; `role` is yours in it. */
export type HouseholdShape = {
  householdId: string;
  name: string;
  role: Role;
};

/** Your households, oldest first. */
export type HouseholdsPage = {
  households: HouseholdShape[];
};

/** The filters that were applied. */
export type HybridFilters = {
  category: string | null;
  priceRange: PriceRange | null;
  inStockOnly: boolean;
};

/** A product with what speaks for it; `foundBy` names the source. */
export type HybridHit = {
  productId: string;
  name: string;
  brand: string | null;
  description: string | null;
  category: string | null;
  categoryPath: string[];
  currentPrice: number | null;
  price: PriceShape | null;
  priceMissing: string | null;
  unitPrice: string | null;
  size: SizeShape | null;
  inStock: boolean | null;
  rating: number | null;
  reviewCount: number | null;
  imageUrl: string | null;
  productUrl: string | null;
  gtin: string | null;
  claims: string[];
  ingredients: string | null;
  processing: number | null;
  source: string;
  updatedAt: string;
  foundBy: string;
  score: number;
  reasons: string[];
  timesBought: number;
  lastBoughtAt: string | null;
};

/** The three groups; a product stands in the first that has it. */
export type HybridSearchAnswer = {
  pastPurchases: HybridHit[];
  newProducts: HybridHit[];
  recommendedProducts: HybridHit[];
  totalResults: number;
  searchMetadata: SearchMetadata;
};

/** What to look for, and where. */
export type HybridSearchInput = {
  /**
   * @minLength 1
   * @maxLength 500
   */
  query: string;
  /**
   * May be left out; it must be your own.
   * @default null
   */
  userId?: string | null | undefined;
  /**
   * Whether outside sources that are set up are searched too: a request each.
   * @default true
   */
  includeExternal?: boolean | undefined;
  /** @default true */
  includePastPurchases?: boolean | undefined;
  /** @default true */
  includeRecommendations?: boolean | undefined;
  /**
   * A name in the `categoryPath` of products, such as `Drinks`; in any case.
   * @default null
   */
  category?: string | null | undefined;
  /** @default null */
  priceRange?: PriceRangeInput | null | undefined;
  /** @default false */
  inStockOnly?: boolean | undefined;
  /** @default "relevance" */
  sortBy?: "price" | "purchase_frequency" | "rating" | "relevance" | undefined;
  /**
   * The most products in each of the three groups.
   * @minimum 1
   * @maximum 100
   * @default 20
   */
  limit?: number | undefined;
};

/**
 * What is kept now of the file, and what had to be written for it.
 *
 * `remarks` are receipts that do not add up: they are kept as they are printed.
 */
export type ImportAnswer = {
  success: boolean;
  ordersImported: number;
  productsImported: number;
  lineItemsImported: number;
  added: number;
  changed: number;
  unchanged: number;
  newProducts: number;
  refused: RefusedShape[];
  remarks: RefusedShape[];
};

/** One saved page or export as text; the ending of `fileName` tells its format. */
export type ImportInput = {
  /**
   * @minLength 1
   * @maxLength 200
   */
  fileName: string;
  /**
   * @minLength 1
   * @maxLength 900000
   */
  content: string;
};

/**
 * How an instance does. `cpuShare` 1 is a whole core; `responseS` is smoothed.
 *
 * `seen` is null where nobody here has called it.
 */
export type InstanceFigures = {
  id: string;
  phase: "draining" | "ready" | "starting" | "stopping";
  generation: number;
  since: string | null;
  cpuShare: number;
  memoryBytes: number;
  inFlight: number;
  openFiles: number;
  loopLagS: number;
  responseS: number | null;
  isLeaking: boolean;
  seen: CallersView | null;
};

/** The figures of one instance of a mesh. */
export type InstanceMetrics = {
  uptimeS: number;
  memoryBytes: number;
  cpuS: number;
  threads: number;
  cachedAnswers: number;
  cachedBytes: number;
  cacheHits: number;
  cacheMisses: number;
  calls: Record<string, number>;
  service: string;
  instance: string;
};

/**
 * One instance, with where it is reached and by which process.
 *
 * `expiresAt` is when its lease ends; `pid` is null for one registered by hand.
 */
export type InstanceReport = {
  id: string;
  phase: "draining" | "ready" | "starting" | "stopping";
  generation: number;
  since: string | null;
  cpuShare: number;
  memoryBytes: number;
  inFlight: number;
  openFiles: number;
  loopLagS: number;
  responseS: number | null;
  isLeaking: boolean;
  seen: CallersView | null;
  service: string;
  address: string;
  pid: number | null;
  weight: number;
  capacity: number;
  expiresAt: string | null;
};

/** One sentence and what it was understood as; `pending` is not understood yet. */
export type IntentShape = {
  intentId: string;
  query: string;
  detectedIntent: string;
  confidence: number | null;
  entities: Record<string, unknown>;
  modelUsed: string;
  secondOpinion: Record<string, unknown> | null;
  jobId: number | null;
  createdAt: string;
};

/** A code for one person, shown this once; the id is for withdrawing it. */
export type InvitationShape = {
  code: string;
  invitationId: string;
  role: Role;
  expiresAt: string;
};

/** The open invitations of a household, oldest first. */
export type InvitationsPage = {
  invitations: OpenInvitationShape[];
};

/** What somebody may become by the invitation. */
export type InviteInput = {
  /** @maxLength 400 */
  householdId: string;
  /** @default "member" */
  role?: "guest" | "member" | undefined;
};

/** What became of one line. */
export type ItemStatus = "pending" | "checked" | "unavailable";

/** Which lines of which list. */
export type ItemsInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @minimum 0
   * @maximum 9007199254740991
   * @default null
   */
  version?: number | null | undefined;
  /**
   * The `id` of each line, as `getList` gives it.
   * @maxItems 500
   */
  itemIds: string[];
};

/** Which job. */
export type JobInput = {
  /**
   * @minimum 1
   * @maximum 9007199254740991
   */
  jobId: number;
};

/** Where a job stands: waiting, running, done, dead or canceled. `progress` is from 0 to 1. */
export type JobShape = {
  jobId: number;
  state: State;
  attempt: number;
  maxAttempts: number;
  progress: number;
  progressNote: string | null;
  result: Record<string, unknown> | null;
  error: string | null;
  createdAt: string;
  startedAt: string | null;
  endedAt: string | null;
};

/** The code of an invitation. */
export type JoinInput = {
  /** @maxLength 400 */
  code: string;
};

/** Why a line is not handed over. */
export type LeftOut = "no_product" | "unknown_product" | "out_of_stock" | "unit_unclear" | "too_many" | "not_of_this_shop";

/** A line that the shop's cart cannot take, and why. */
export type LeftOutShape = {
  itemId: string;
  name: string;
  reason: LeftOut;
};

/** How full an envelope is. */
export type Level = "fine" | "near" | "crossed";

/** A list as it is after the call. */
export type ListAnswer = {
  success: boolean;
  list: GroceryListShape;
};

/** Which list. */
export type ListInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
};

/** A product by its id, or words in `text`. */
export type ListItemInput = {
  /**
   * A product's `productId`, as `search` gives it.
   * @default null
   */
  productId?: string | null | undefined;
  /**
   * Your own words; null stands for the product's name.
   * @default null
   */
  text?: string | null | undefined;
  /**
   * In `unit`: above 0, with at most three decimals.
   * @default 1
   */
  quantity?: number | undefined;
  /**
   * What `quantity` counts, such as `lb`; null stands for packages.
   * @default null
   */
  unit?: string | null | undefined;
  /** @default null */
  notes?: string | null | undefined;
  /**
   * Whether another product may be taken where this one is gone; null allows those in `substitutes`, or where there are none what your preferences say.
   * @default null
   */
  substitutionAllowed?: boolean | null | undefined;
  /**
   * The `productId` of each to take then, best first; empty leaves it open.
   * @default []
   */
  substitutes?: string[] | undefined;
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
  stated: PriceShape | null;
  estimatedPrice: number | null;
  priceMissing: Unpriced | null;
  inStock: boolean | null;
  imageUrl: string | null;
  addedAt: string;
  checkedAt: string | null;
};

/** Something happened to a list; `type` says what, `id` is the event's. */
export type ListMessage = {
  listId: string;
  userId: string;
  changedBy: string;
  version: number;
  itemId: string | null;
  productId: string | null;
  name: string | null;
  quantity: number | null;
  unit: string | null;
  status: ItemStatus | null;
  id: string;
  type: ListTopic;
  timestamp: string;
};

/** Where a list is in its life; only an active one can be edited. */
export type ListStatus = "active" | "archived" | "deleted";

/**
 * A list without its lines. Totals are by the prices known now, without tax.
 *
 * `userId` made it, and `householdId` shares it, if any does; `access` is what you may do with
 * it. `estimatedTotal` counts every line but the unavailable ones, `remainingTotal` those not
 * checked off yet; `itemsWithoutPrice` are in neither, since nobody knows their price.
 */
export type ListSummary = {
  id: string;
  userId: string;
  householdId: string | null;
  access: "own" | "read" | "write";
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

/** What can happen to a list, by the name that subscribers know. */
export type ListTopic = "list.created" | "list.renamed" | "list.archived" | "list.restored" | "list.deleted" | "list.item_added" | "list.item_updated" | "list.item_checked" | "list.item_unchecked" | "list.item_removed" | "list.reordered" | "list.shared";

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
  status?: "active" | "all" | "archived" | undefined;
  /**
   * @minimum 1
   * @maximum 100
   * @default 50
   */
  limit?: number | undefined;
  /**
   * The `nextCursor` of the page before.
   * @default null
   */
  cursor?: string | null | undefined;
  /**
   * May be left out; it must be your own.
   * @default null
   */
  userId?: string | null | undefined;
};

/** Which product, and whether to ask the shop; a price that is fresh is not asked again. */
export type LiveInput = {
  /** A product's `productId`, as `search` gives it. */
  productId: string;
  /**
   * `now` waits for the shop, `behind` answers with what is known and asks meanwhile, `never` spares the outside request.
   * @default "behind"
   */
  refresh?: "behind" | "never" | "now" | undefined;
};

/** A price; `isLive` if the shop just said it, else `liveMissing` says why it did not. */
export type LivePrice = {
  productId: string;
  name: string;
  currentPrice: number | null;
  price: PriceShape | null;
  priceMissing: string | null;
  unitPrice: string | null;
  inStock: boolean | null;
  isLive: boolean;
  liveMissing: string | null;
  isRefreshing: boolean;
};

/** The newest prices, in the order asked for; `unknown` are ids of no product. */
export type ManyPrices = {
  prices: CurrentPrice[];
  unknown: string[];
};

/**
 * Whoever asks. `via` says how they are known, and `user` is null for strangers.
 *
 * `openHouse`: programs on this very machine need no sign-in. `needsSetup`: nobody was ever
 * registered.
 */
export type MeShape = {
  user: UserShape | null;
  via: Via;
  openHouse: boolean;
  needsSetup: boolean;
};

/** Somebody in a household. */
export type MemberInput = {
  /** @maxLength 400 */
  householdId: string;
  /** @maxLength 400 */
  memberId: string;
};

/** Somebody in a household. */
export type MemberShape = {
  memberId: string;
  displayName: string;
  role: Role;
};

/** Everybody in a household, oldest membership first. */
export type MembersPage = {
  members: MemberShape[];
};

/** Which instance (all), and how far back: an hour is kept. */
export type MemoryMonitorHistoryInput = {
  /**
   * @maxLength 100
   * @default null
   */
  instance?: string | null | undefined;
  /**
   * @exclusiveMinimum 0
   * @maximum 60
   * @default 10.0
   */
  minutes?: number | undefined;
};

/**
 * Every service. With `isOneProcess` one process is all of them; `note` says what that means.
 *
 * `supervisorPid` is null where no supervisor runs.
 */
export type MeshReport = {
  isOneProcess: boolean;
  note: string | null;
  supervisorPid: number | null;
  uptimeS: number | null;
  services: MeshServiceReport[];
};

/**
 * One service: how many instances are wanted, and those that there are.
 *
 * `isAutomatic` says that load decides. `isLooping` after crash upon crash, `crashes` of them in
 * the last minute; the next start is in `nextStartS`.
 */
export type MeshServiceReport = {
  name: string;
  port: number;
  wanted: number;
  instances: InstanceReport[];
  generation: number;
  isAutomatic: boolean;
  isLooping: boolean;
  crashes: number;
  nextStartS: number | null;
  lastEnd: string | null;
};

/** Your jobs in figures; the means are of the newest that `measured` counts, null of none. */
export type MetricsAnswer = {
  waiting: number;
  running: number;
  done: number;
  dead: number;
  canceled: number;
  measured: number;
  meanWaitMs: number | null;
  meanProcessingMs: number | null;
};

/**
 * The house in figures: the sums over its processes, and how long the eldest has run.
 *
 * `instances` are the processes of a mesh one by one; none where one process is everything.
 */
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
  instances: InstanceMetrics[];
};

/** How much of it is enough; null: no minimum any more. */
export type MinimumInput = {
  /**
   * A product's `productId`, as `search` gives it.
   * @default null
   */
  productId?: string | null | undefined;
  /**
   * Your own words; needed without `productId`.
   * @default null
   */
  text?: string | null | undefined;
  /**
   * In what the thing is counted, such as `lb`; null stands for packages.
   * @default null
   */
  unit?: string | null | undefined;
  minimum: number | null;
};

/** What was measured, oldest first. */
export type MonitorHistory = {
  house: HouseSample[];
  processes: ProcessSample[];
};

/** Everything as it was last measured; before that, nothing. */
export type MonitorNow = {
  house: HouseSample | null;
  processes: ProcessState[];
  pressures: Pressure[];
};

/** A month of the year against what is usual, in percent: 93 is 7 % cheaper. */
export type MonthShape = {
  month: number;
  percent: number;
  years: number;
};

/** What happened to the thing. */
export type MoveInput = {
  /**
   * A product's `productId`, as `search` gives it.
   * @default null
   */
  productId?: string | null | undefined;
  /**
   * Your own words; needed without `productId`.
   * @default null
   */
  text?: string | null | undefined;
  /**
   * In what the thing is counted, such as `lb`; null stands for packages.
   * @default null
   */
  unit?: string | null | undefined;
  kind: "bought" | "counted" | "used" | "wasted";
  /** How much of it, in `unit`; of `counted`, how much there is. */
  quantity: number;
  /** @default null */
  note?: string | null | undefined;
};

/** Why stock changed. `COUNTED`: somebody looked, and this is the difference. */
export type MovementKind = "bought" | "used" | "wasted" | "counted" | "undone";

/** One change of stock; `undoes` is the movement that it takes back. */
export type MovementShape = {
  id: number;
  change: number;
  kind: MovementKind;
  note: string | null;
  undoes: number | null;
  at: string;
};

/** A service starts after one that it needs. */
export type Needs = {
  service: string;
  needs: string;
};

/** Where to tell you: an address of Apprise, such as `ntfy://topic`; without `kinds` all. */
export type NewTargetInput = {
  /**
   * @minLength 1
   * @maxLength 1000
   */
  url: string;
  /** @default null */
  name?: string | null | undefined;
  /**
   * @maxItems 5
   * @default null
   */
  kinds?: NoticeKind[] | null | undefined;
};

/** A new token. `secret` is shown this once; keep it where the program can read it. */
export type NewTokenShape = {
  token: TokenShape;
  secret: string;
};

/** Where to send which events: topics, or patterns like `product.*`. */
export type NewWebhookInput = {
  /**
   * @minLength 1
   * @maxLength 2000
   */
  url: string;
  /**
   * @minItems 1
   * @maxItems 50
   */
  channels: string[];
  /** @default "" */
  description?: string | undefined;
};

/** Your sentences, newest first. */
export type NlpHistoryAnswer = {
  intents: IntentShape[];
  count: number;
};

/** How many at most. */
export type NlpHistoryInput = {
  /**
   * @minimum 1
   * @maximum 200
   * @default 50
   */
  limit?: number | undefined;
};

/** A product of which the shop said no price, and why. */
export type NotRefreshed = {
  productId: string;
  reason: string;
};

/** What somebody may want to be told. */
export type NoticeKind = "price_drop" | "back_in_stock" | "list_shared" | "budget_crossed" | "webhook_disabled";

/** Whether the service took a test. */
export type NotifiedAnswer = {
  success: boolean;
  problem: string | null;
};

/**
 * Whether the former price is `borne_out` by what was seen in 90 days, and the evidence.
 *
 * `atFormer` of `looks` found that price or a higher one. With too few looks the verdict is
 * `unknown`; sample prices do not count.
 */
export type OfferAnswer = {
  verdict: "borne_out" | "not_borne_out" | "unknown";
  reason: string;
  looks: number;
  atFormer: number;
  firstAt: string | null;
  lastAt: string | null;
  highest: PriceShape | null;
};

/** Which product, and the former price that its offer names. */
export type OfferInput = {
  /** A product's `productId`, as `search` gives it. */
  productId: string;
  /** In dollars, above 0. */
  was: number;
};

/** An invitation that nobody has used yet. */
export type OpenInvitationShape = {
  invitationId: string;
  role: Role;
  invitedBy: string;
  createdAt: string;
  expiresAt: string;
};

/** One thing that may be meant; `stated` says who said the price of one package, and when. */
export type OptionShape = {
  label: string;
  productId: string | null;
  price: number | null;
  stated: PriceShape | null;
};

/** One order with its lines and the receipt's own sums. */
export type OrderAnswer = {
  order: OrderSummary;
  lines: OrderLineShape[];
  subtotal: number | null;
  savings: number | null;
  tax: number | null;
  tip: number | null;
  refund: number | null;
  grandTotal: number | null;
  fees: FeeShape[];
};

/** Which order. */
export type OrderInput = {
  /**
   * @minLength 1
   * @maxLength 100
   */
  orderId: string;
};

/**
 * One item; `paid` is what the line cost, null where the source does not say.
 *
 * `source` is what it was read from, `observedAt` the instant of the order.
 */
export type OrderLineShape = {
  name: string;
  productId: string | null;
  quantity: number;
  isWeighed: boolean;
  isCanceled: boolean;
  paidEach: number | null;
  paid: number | null;
  seller: string | null;
  status: string | null;
  source: string;
  observedAt: string | null;
  store: string | null;
  confidence: number;
};

/**
 * One order by the shop's own number; sums are null where the receipt does not show them.
 *
 * `source` says what it was read from; an `isPartial` order came from a list without prices.
 */
export type OrderSummary = {
  orderId: string;
  orderedAt: string | null;
  kind: string;
  status: string | null;
  store: string | null;
  currency: string;
  lineCount: number;
  goods: number | null;
  paid: number | null;
  isPartial: boolean;
  source: string;
};

/** A page of orders, newest first; `nextCursor` asks for the next one. */
export type OrdersAnswer = {
  orders: OrderSummary[];
  nextCursor: string | null;
};

/** How many, and where to go on. */
export type OrdersInput = {
  /**
   * @minimum 1
   * @maximum 100
   * @default 20
   */
  limit?: number | undefined;
  /**
   * @maxLength 100
   * @default null
   */
  cursor?: string | null | undefined;
};

/** Everything kept at home, by name. */
export type PantryAnswer = {
  items: PantryItemShape[];
};

/** The last movements of a thing, newest first; stock is the sum of all there ever were. */
export type PantryHistoryAnswer = {
  movements: MovementShape[];
};

/** Which thing. */
export type PantryItemInput = {
  id: string;
};

/** One thing at home; `short` is how much to buy to have its minimum again. */
export type PantryItemShape = {
  id: string;
  productId: string | null;
  name: string;
  unit: string | null;
  stock: number;
  minimum: number | null;
  short: number;
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

/** Which lines, and what the shelf label says for one package. */
export type PickInput = {
  /** A session's `id`, as `startShoppingSession` gives it. */
  sessionId: string;
  /**
   * The `id` of each line, as `getList` gives it.
   * @maxItems 500
   */
  itemIds: string[];
  /** @default null */
  price?: number | null | undefined;
};

/** What the receiver did with a test; `problem` says why there is no `status`. */
export type PingAnswer = {
  success: boolean;
  status: number | null;
  problem: string | null;
  answer: string;
  tookMs: number;
};

/**
 * The cheapest packages that hold what is needed, and what they leave over, in `unit`.
 *
 * `isExact`: no cheaper combination exists among what was offered. `notOffered` were looked at
 * and have no price, no comparable size, or no stock.
 */
export type PlanAnswer = {
  success: boolean;
  packages: PlannedLine[];
  total: number;
  amount: number;
  leftover: number;
  unit: string;
  isExact: boolean;
  notOffered: string[];
};

/** How much is needed, and of what: named products, the hits of a query, or both. */
export type PlanInput = {
  /** In `unit`: above 0, with at most three decimals. */
  quantity: number;
  /**
   * Of mass, volume or count, as packages are labeled: `lb`, `fl oz`, `ct`.
   * @minLength 1
   * @maxLength 20
   */
  unit: string;
  /**
   * The `productId` of each, as `search` gives it.
   * @maxItems 100
   * @default []
   */
  productIds?: string[] | undefined;
  /**
   * Words for one thing, such as `white rice`, in packages of any size.
   * @minLength 1
   * @maxLength 500
   * @default null
   */
  query?: string | null | undefined;
};

/** What would be done after a yes; `total` leaves out the prices that are not known. */
export type PlanShape = {
  id: string;
  hash: string;
  steps: StepShape[];
  preview: PreviewLine[];
  total: number;
  unknownPrices: number;
};

/** So many packages of one product; `stated` says who said the price. */
export type PlannedLine = {
  productId: string;
  name: string;
  packages: number;
  price: number;
  total: number;
  stated: PriceShape | null;
};

/** How many jobs start before it; null once it started. */
export type PositionAnswer = {
  jobId: number;
  position: number | null;
};

/** What to change; what is left out or null stays, and a list replaces the one before. */
export type PreferencesInput = {
  /**
   * All the brands you like; they replace those before.
   * @default null
   */
  preferredBrands?: string[] | null | undefined;
  /**
   * All the brands to avoid; they replace those before.
   * @default null
   */
  avoidedBrands?: string[] | null | undefined;
  /**
   * All your diets, such as `gluten-free`; they replace those before.
   * @default null
   */
  dietary?: string[] | null | undefined;
  /**
   * All you must not have, such as `peanuts`; they replace those before.
   * @default null
   */
  allergens?: string[] | null | undefined;
  /**
   * Departments, such as `Produce`, in the order in which you walk them.
   * @default null
   */
  aisleOrder?: string[] | null | undefined;
  /**
   * In your own words; "" removes it.
   * @default null
   */
  preferredStore?: string | null | undefined;
  /**
   * Whether lines that you add may be replaced, unless they say themselves.
   * @default null
   */
  substitutionAllowed?: boolean | null | undefined;
};

/**
 * Your preferences; an empty list says that nothing was said.
 *
 * `aisleOrder` names departments ("Produce", "Drinks") in the order in which you walk them.
 */
export type PreferencesShape = {
  preferredBrands: string[];
  avoidedBrands: string[];
  dietary: string[];
  allergens: string[];
  aisleOrder: string[];
  preferredStore: string | null;
  substitutionAllowed: boolean;
};

/** A threshold that is passed now, by which instance (or the house), and since when. */
export type Pressure = {
  name: "cpu" | "disk" | "leak" | "loopLag" | "memory" | "openFiles" | "wal";
  instance: string;
  value: number;
  threshold: number;
  since: string;
};

/**
 * One line of what would change; `price` is of the whole line, null where it is not known.
 *
 * `stated` is the price of one package that it is made of.
 */
export type PreviewLine = {
  text: string;
  productId: string | null;
  quantity: string | null;
  price: number | null;
  stated: PriceShape | null;
  isPriced: boolean;
  why: string | null;
  alternatives: OptionShape[];
};

/** What one source said of a price on one day (UTC): its range, and how often it looked. */
export type PriceDayShape = {
  day: string;
  looks: number;
  low: number;
  median: number;
  high: number;
  last: PriceShape;
  size: string | null;
};

/**
 * Figures over all looks; `low` and `high` are the 10th and 90th percentiles.
 *
 * `lowest` and `highest` are the prices of all time with who stated them; `sources` are all who
 * were heard. `cheaperPercent` says how many percent of the looks were dearer than the newest;
 * null while there are too few to say.
 */
export type PriceFigures = {
  count: number;
  currency: string;
  sources: string[];
  newest: number;
  least: number;
  most: number;
  mean: number;
  median: number;
  low: number;
  high: number;
  firstAt: string;
  lastAt: string;
  cheaperPercent: number | null;
  stated: PriceShape;
  lowest: PriceShape;
  highest: PriceShape;
};

/**
 * What was seen of one product, newest first.
 *
 * `observations` are single looks; older ones are kept by the day, and `days` has all of them.
 */
export type PriceHistoryAnswer = {
  productId: string;
  observations: PriceShape[];
  days: PriceDayShape[];
};

/** Which product, how far back, and how many at most. */
export type PriceHistoryInput = {
  /** A product's `productId`, as `search` gives it. */
  productId: string;
  /**
   * How many days to look back; null: all that was seen.
   * @minimum 1
   * @maximum 3650
   * @default null
   */
  days?: number | null | undefined;
  /**
   * @minimum 1
   * @maximum 1000
   * @default 100
   */
  limit?: number | undefined;
};

/** A product's price is another; `id` is the event's. */
export type PriceMessage = {
  productId: string;
  name: string;
  oldPrice: number | null;
  newPrice: number | null;
  currency: string | null;
  source: string | null;
  store: string | null;
  confidence: number | null;
  observedAt: string | null;
  id: string;
  timestamp: string;
};

/** Both ends of a range of prices, in dollars. */
export type PriceRange = {
  /** In dollars, not below 0. */
  min: number | null;
  /** In dollars, not below 0. */
  max: number | null;
};

/** Both ends of a range of prices, in dollars. */
export type PriceRangeInput = {
  /**
   * In dollars, not below 0.
   * @default null
   */
  min?: number | null | undefined;
  /**
   * In dollars, not below 0.
   * @default null
   */
  max?: number | null | undefined;
};

/**
 * A price with its provenance.
 *
 * `source` says who stated it, `method` how it was come by, `confidence` (0 to 1) how sure it is;
 * a `sample` is no offer: it stands in where no live source is set up.
 */
export type PriceShape = {
  amount: number;
  currency: string;
  source: string;
  method: string;
  observedAt: string;
  store: string | null;
  confidence: number;
};

/** Which products to ask the shop about now. */
export type PriceWatchesRefreshInput = {
  /**
   * The `productId` of each, as `search` gives it.
   * @minItems 1
   * @maxItems 100
   */
  productIds: string[];
};

/**
 * How long the calls of one procedure took since start, in milliseconds.
 *
 * Percentiles are as exact as the buckets of the histogram; null where there were no calls.
 */
export type ProcedureFigures = {
  path: string;
  calls: number;
  meanMs: number | null;
  p50Ms: number | null;
  p95Ms: number | null;
  p99Ms: number | null;
};

/** One process at one time. `cpuShare` 1.0 is a whole core; `loopLagS` is seconds. */
export type ProcessSample = {
  at: string;
  instance: string;
  service: string;
  memoryBytes: number;
  cpuShare: number;
  openFiles: number;
  loopLagS: number;
};

/**
 * One process now. `growthBytesPerHour` is what its memory really grows by, 0 if it wavers.
 *
 * `isLeaking` once it was found to leak: in the mesh it is then replaced.
 */
export type ProcessState = {
  sample: ProcessSample;
  growthBytesPerHour: number;
  isLeaking: boolean;
};

/** Which product. */
export type ProductInput = {
  /** A product's `productId`, as `search` gives it. */
  productId: string;
};

/**
 * One product that the shop sells.
 *
 * `currentPrice` is in units of the price's currency; where it is null, `priceMissing` says why.
 * `claims` holds what the product states of itself; what is not stated is unknown, not absent.
 */
export type ProductShape = {
  productId: string;
  name: string;
  brand: string | null;
  description: string | null;
  category: string | null;
  categoryPath: string[];
  currentPrice: number | null;
  price: PriceShape | null;
  priceMissing: string | null;
  unitPrice: string | null;
  size: SizeShape | null;
  inStock: boolean | null;
  rating: number | null;
  reviewCount: number | null;
  imageUrl: string | null;
  productUrl: string | null;
  gtin: string | null;
  claims: string[];
  ingredients: string | null;
  processing: number | null;
  source: string;
  updatedAt: string;
};

/** Which products. */
export type ProductsInput = {
  /**
   * The `productId` of each, as `search` gives it.
   * @minItems 1
   * @maxItems 100
   */
  productIds: string[];
};

/**
 * A sentence; `context` is what was said to its speaker before.
 *
 * Sentences of higher `priority` are read first. `secondOpinion` asks for a language model's
 * reading too, where one is set up.
 */
export type QueryInput = {
  /**
   * @minLength 1
   * @maxLength 2000
   */
  query: string;
  /** @default null */
  userId?: string | null | undefined;
  /**
   * @maxLength 2000
   * @default null
   */
  context?: string | null | undefined;
  /**
   * @minimum -10
   * @maximum 10
   * @default 0
   */
  priority?: number | undefined;
  /** @default false */
  secondOpinion?: boolean | undefined;
};

/** What must be known first; answer it with the next sentence. */
export type QuestionShape = {
  text: string;
  about: string;
  options: OptionShape[];
};

/**
 * One queue of work, whoever it is for.
 *
 * `dead` jobs failed too often. The next waiting one could have begun `oldestS` seconds ago.
 */
export type QueueReport = {
  queue: string;
  waiting: number;
  running: number;
  dead: number;
  oldestS: number;
};

/** The job that will read the sentence; its end is told as `grocery-nlp.result` or `.error`. */
export type QueuedAnswer = {
  success: boolean;
  jobId: number;
};

/** When you are not told: what happens then comes after. The same time twice is never. */
export type QuietHoursShape = {
  timeZone: string;
  fromTime: string;
  untilTime: string;
};

/**
 * So many packages of one product; `stated` says who said the price of one, and when.
 *
 * `insteadOf` are products that cannot be had, for which your list names this one.
 */
export type QuoteLineShape = {
  productId: string;
  name: string;
  packages: number;
  price: number | null;
  stated: PriceShape | null;
  lineTotal: number | null;
  inStock: boolean | null;
  isRoundedUp: boolean;
  insteadOf: string[];
};

/**
 * What would be handed over; a confirmation names `id` and `termsHash` before `expiresAt`.
 *
 * If the total rises by more than `tolerancePercent` until then, the confirmation is refused.
 */
export type QuoteShape = {
  id: string;
  termsHash: string;
  expiresAt: string;
  tolerancePercent: number;
  currency: string;
  lines: QuoteLineShape[];
  leftOut: LeftOutShape[];
  itemsWithoutPrice: number;
  till: Till;
};

/** Why an item was refused, for programs; `Outcome.problem` says it to people. */
export type Reason = "unknown_product" | "nothing_named" | "bad_quantity" | "too_much" | "too_long" | "list_full";

/** One part of a score. */
export type ReasonShape = {
  what: string;
  effect: number;
};

/**
 * Products, best first.
 *
 * `basis` is "history", "few orders" or "nothing"; `tooLittle` says what is missing, if anything.
 */
export type RecommendationsAnswer = {
  success: boolean;
  recommendations: RecommendedShape[];
  count: number;
  basis: string;
  ordersSeen: number;
  tooLittle: string | null;
};

/** One product and why; `currentPrice` is null where the shop's price is not known. */
export type RecommendedShape = {
  productId: string;
  name: string;
  currentPrice: number | null;
  price: PriceShape | null;
  inStock: boolean | null;
  reason: string;
  timesBought: number;
  score: number;
  runningOut: RunningOutShape | null;
};

/** The product's price after the observation; `isNewPrice` if it is another now. */
export type RecordAnswer = {
  success: boolean;
  isNewPrice: boolean;
  product: CurrentPrice;
};

/** What a shelf label said; where and when, if you know. */
export type RecordInput = {
  /** A product's `productId`, as `search` gives it. */
  productId: string;
  /** Of one package, in dollars. */
  price: number;
  /**
   * Which store, in your own words; null: not known.
   * @default null
   */
  store?: string | null | undefined;
  /**
   * As ISO 8601 with an offset or `Z`; null stands for now.
   * @default null
   */
  observedAt?: string | null | undefined;
};

/** What the shop said just now; `success` if it said a price of every product. */
export type RefreshAnswer = {
  success: boolean;
  prices: CurrentPrice[];
  missing: NotRefreshed[];
};

/** An input that yielded nothing, and why. */
export type RefusedSearch = {
  given: string;
  error: string;
  code: string;
};

/** An order, and what is wrong with it. */
export type RefusedShape = {
  orderId: string;
  problems: string[];
};

/** A new person; `invitation` is the code that a household gave. */
export type RegisterInput = {
  /** @maxLength 400 */
  email: string;
  /** @maxLength 400 */
  password: string;
  /** @maxLength 400 */
  displayName: string;
  /**
   * @maxLength 400
   * @default null
   */
  invitation?: string | null | undefined;
  /** @default false */
  browser?: boolean | undefined;
};

/** The instance as it is registered; register it again every `renewEveryS` seconds. */
export type Registered = {
  instance: InstanceReport;
  renewEveryS: number;
};

/** How many hits a filter took away, told where nothing was left. */
export type RemovedBy = {
  filter: string;
  hits: number;
};

/** Which job. */
export type ReplayInput = {
  /**
   * @minimum 1
   * @maximum 9007199254740991
   */
  jobId: number;
};

/** What the procedure answered; null where it gives nothing. */
export type RequestAnswer = {
  output?: unknown;
};

/**
 * A call to one of a service's procedures.
 *
 * `path` is that of the procedure (`walmartPrice.current`) or of a URL (`/api/prices`); `input`
 * is what the procedure takes.
 */
export type RequestInput = {
  /**
   * @minLength 1
   * @maxLength 60
   */
  service: string;
  /**
   * @minLength 1
   * @maxLength 200
   */
  path: string;
  /** @default null */
  input?: Record<string, unknown> | null | undefined;
};

/** Which service; all of them where none is named. */
export type RestartInput = {
  /**
   * @minLength 1
   * @maxLength 60
   * @default null
   */
  service?: string | null | undefined;
};

/** What a sentence was understood as; `id` is the event's. */
export type ResultMessage = {
  jobId: string;
  result?: unknown;
  id: string;
  timestamp: string;
};

/** Which session ends. */
export type RevokeSessionInput = {
  /** @maxLength 400 */
  sessionId: string;
};

/** Which token ends. */
export type RevokeTokenInput = {
  /** @maxLength 400 */
  tokenId: string;
};

/** What somebody is in a household. */
export type Role = "owner" | "member" | "guest";

/** Another role for somebody. */
export type RoleInput = {
  /** @maxLength 400 */
  householdId: string;
  /** @maxLength 400 */
  memberId: string;
  role: "guest" | "member" | "owner";
};

/**
 * One round: the most used `searches` and `products`, asked at so many `places`.
 *
 * `isCut` if its budget of calls and seconds ended it early; `tookS` is seconds.
 */
export type RoundShape = {
  beganAt: string;
  tookS: number;
  places: number;
  searches: number;
  products: number;
  calls: number;
  failed: number;
  isCut: boolean;
};

/** How many days to look ahead. */
export type RunningOutInput = {
  /**
   * @minimum 0
   * @maximum 60
   * @default 7
   */
  withinDays?: number | undefined;
  /**
   * @minimum 1
   * @maximum 50
   * @default 10
   */
  limit?: number | undefined;
};

/**
 * When it is used up: four times in five between `earliestAt` and `latestAt`.
 *
 * `confidence` is the chance that `likelyAt` is right within half as long again.
 */
export type RunningOutShape = {
  lastBoughtAt: string;
  earliestAt: string;
  likelyAt: string;
  latestAt: string;
  confidence: number;
  purchases: number;
};

/** How many instances of which service; null leaves their number to the load. */
export type ScaleInput = {
  /**
   * @minLength 1
   * @maxLength 60
   */
  service: string;
  /**
   * @minimum 0
   * @maximum 100
   */
  instances: number | null;
};

/** How many instances there may be. */
export type ScalingReport = {
  minInstances: number;
  maxInstances: number;
  autoScale: boolean;
};

/**
 * The products found, best first.
 *
 * `count` is of this page, `total` of all hits among the candidates looked at. Where
 * `nothingLikeIt` is true the catalog has nothing of the kind, and `whyNothing` says so;
 * where filters took everything away, `removedBy` says which. `unknownWords` are words of the
 * query that nothing here is called, a brand that is not sold perhaps: the hits leave them out.
 */
export type SearchAnswer = {
  success: boolean;
  products: ProductShape[];
  count: number;
  total: number;
  facets: FacetShape[];
  nextCursor: string | null;
  didYouMean: string | null;
  nothingLikeIt: boolean;
  whyNothing: string | null;
  removedBy: RemovedBy[];
  unknownWords: string[];
  explanations: Explanation[];
};

/** What to look for. */
export type SearchInput = {
  /**
   * @minLength 1
   * @maxLength 500
   */
  query: string;
  /**
   * A name in the `categoryPath` of products, such as `Drinks`; in any case.
   * @default null
   */
  category?: string | null | undefined;
  /**
   * In dollars, not below 0.
   * @default null
   */
  minPrice?: number | null | undefined;
  /**
   * In dollars, not below 0.
   * @default null
   */
  maxPrice?: number | null | undefined;
  /**
   * True: only what is in stock; false: only what is not; null: everything.
   * @default null
   */
  inStock?: boolean | null | undefined;
  /**
   * @minimum 1
   * @maximum 100
   * @default 20
   */
  limit?: number | undefined;
  /**
   * A brand's whole name; in any case.
   * @default null
   */
  brand?: string | null | undefined;
  /**
   * Claims that every hit must state, such as `gluten_free`.
   * @maxItems 20
   * @default []
   */
  dietary?: string[] | undefined;
  /**
   * `price` and `unitPrice` begin with the cheapest, `priceDescending` with the dearest, `rating` with the best.
   * @default "relevance"
   */
  sort?: "price" | "priceDescending" | "rating" | "relevance" | "unitPrice" | undefined;
  /**
   * The `nextCursor` of the page before, of the same search.
   * @maxLength 500
   * @default null
   */
  cursor?: string | null | undefined;
  /**
   * Whether each hit's score and reasons are told too.
   * @default false
   */
  explain?: boolean | undefined;
};

/**
 * What was asked, of whom, and how long it took (`executionTime` in milliseconds).
 *
 * `sources` names those that answered; `reports` tells of every source that was asked.
 */
export type SearchMetadata = {
  query: string;
  executionTime: number;
  sources: string[];
  filters: HybridFilters;
  reports: SourceReportShape[];
};

/**
 * Whether a product is cheaper in some months, said only where enough was seen.
 *
 * `cheap` and `dear` are months (1 to 12) that were so in every year seen. With `not_enough`,
 * `missing` says what more must be seen.
 */
export type SeasonsAnswer = {
  verdict: "not_enough" | "not_seasonal" | "seasonal";
  months: MonthShape[];
  cheap: number[];
  dear: number[];
  missing: string | null;
};

/** What somebody says. */
export type SentenceInput = {
  /**
   * In plain English, such as `2 gallons of milk and a dozen eggs`.
   * @minLength 1
   * @maxLength 2000
   */
  sentence: string;
};

/** One service; durations are milliseconds. It is `running` where an instance is ready. */
export type ServiceReport = {
  name: string;
  purpose: string;
  port: number;
  protocol: Speech;
  capacity: number;
  weight: number;
  loadBalancingStrategy: Strategy;
  scaling: ScalingReport;
  healthCheckInterval: number;
  deploymentPriority: number;
  status: "planned" | "running";
  instances: InstanceFigures[];
};

/**
 * A session with its lines: in a store in the order of the walk, else in the list's.
 *
 * `picked` is what is in the cart so far, `everything` the whole list; neither counts the
 * `linesWithoutPrice`. `budgetLeft` is what of the session's own limit is left after the picks.
 */
export type SessionAnswer = {
  success: boolean;
  session: ShapesSessionsSessionShape;
  listName: string;
  lines: SessionLineShape[];
  picked: Till;
  everything: Till;
  linesWithoutPrice: number;
  budgetLeft: number | null;
  warnings: string[];
};

/** Which session. */
export type SessionInput = {
  /** A session's `id`, as `startShoppingSession` gives it. */
  sessionId: string;
};

/** Which lines of the session's list. */
export type SessionItemsInput = {
  /** A session's `id`, as `startShoppingSession` gives it. */
  sessionId: string;
  /**
   * The `id` of each line, as `getList` gives it.
   * @maxItems 500
   */
  itemIds: string[];
};

/**
 * One line; `seenPrice` is what the shelf label said for one package.
 *
 * `stated` is the price of one package that `estimatedPrice` is made of.
 */
export type SessionLineShape = {
  itemId: string;
  productId: string | null;
  name: string;
  quantity: number;
  unit: string | null;
  notes: string | null;
  status: ItemStatus;
  department: string | null;
  seenPrice: number | null;
  estimatedPrice: number | null;
  stated: PriceShape | null;
};

/** Where a session is. `HANDED_OVER`: the shop's cart was offered; what followed is unknown. */
export type SessionStatus = "active" | "paused" | "reviewing" | "handed_over" | "completed" | "abandoned";

/** How the shopping is done. */
export type SessionType = "online" | "in_store" | "pickup" | "delivery";

/** What can be done to a session as a whole. */
export type SessionVerb = "pause" | "resume" | "review" | "reopen" | "hand_over" | "complete" | "abandon";

/** Some sessions, newest first; `nextCursor` asks for more, and is null at the end. */
export type SessionsAnswer = {
  success: boolean;
  sessions: ShapesSessionsSessionShape[];
  nextCursor: string | null;
};

/** Which sessions: those going on, or all. */
export type SessionsInput = {
  /** @default "live" */
  status?: "all" | "live" | undefined;
  /**
   * @minimum 1
   * @maximum 100
   * @default 50
   */
  limit?: number | undefined;
  /**
   * The `nextCursor` of the page before.
   * @default null
   */
  cursor?: string | null | undefined;
};

/** Your open sessions, newest first. */
export type SessionsPage = {
  sessions: ShapesAuthSessionShape[];
};

/** The rule for one line. */
export type SetFallbackInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /** The `id` of a line, as `getList` gives it. */
  itemId: string;
  rule: Fallback;
  /**
   * For the rule `these` only: the `productId` of each, best first.
   * @maxItems 10
   * @default []
   */
  products?: string[] | undefined;
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @minimum 0
   * @maximum 9007199254740991
   * @default null
   */
  version?: number | null | undefined;
};

/** The first person of a house; `code` is what the terminal showed at start. */
export type SetupInput = {
  /** @maxLength 400 */
  code: string;
  /** @maxLength 400 */
  email: string;
  /** @maxLength 400 */
  password: string;
  /** @maxLength 400 */
  displayName: string;
  /** @default false */
  browser?: boolean | undefined;
};

/** The refresh token that came last; it is used up by this. */
export type ShapesAuthRefreshInput = {
  /** @maxLength 400 */
  refreshToken: string;
};

/** Where you are signed in; `current` is the session that asks. */
export type ShapesAuthSessionShape = {
  sessionId: string;
  kind: string;
  agent: string;
  address: string;
  createdAt: string;
  lastUsedAt: string;
  expiresAt: string;
  current: boolean;
};

/** A shopping session; `actions` is what can be done to it now. */
export type ShapesSessionsSessionShape = {
  id: string;
  userId: string;
  listId: string | null;
  type: SessionType;
  status: SessionStatus;
  budget: number | null;
  actions: SessionVerb[];
  version: number;
  startedAt: string;
  updatedAt: string;
  endedAt: string | null;
};

/** Which list, and the household that shall share it. */
export type ShareListInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  householdId: string;
};

/**
 * Whether a package shrank while its price did not, with the two looks that show it.
 *
 * `shrank`: less in it for the same price or more; `dearer_by_size`: the price fell by less than
 * the size. `sizePercent` and `pricePercent` are changes, negative for less.
 */
export type ShrinkAnswer = {
  verdict: "dearer_by_size" | "grew" | "same" | "shrank" | "smaller_and_cheaper" | "unknown";
  reason: string;
  before: SizedLookShape | null;
  after: SizedLookShape | null;
  sizePercent: number | null;
  pricePercent: number | null;
};

/** Address and password. `browser` asks for a cookie in place of tokens. */
export type SignInInput = {
  /** @maxLength 400 */
  email: string;
  /** @maxLength 400 */
  password: string;
  /** @default false */
  browser?: boolean | undefined;
};

/** How many sessions were ended. */
export type SignedOut = {
  sessions: number;
};

/** How much one package holds: `pack` times `amount` of `unit` (UN/CEFACT Rec 20 code). */
export type SizeShape = {
  text: string;
  pack: number;
  amount: number;
  unit: string;
  pieces: number | null;
};

/** One look of the evidence: the size that was read, and the price with who stated it. */
export type SizedLookShape = {
  size: string;
  price: PriceShape;
  unitPrice: string | null;
};

/** How one source did, in milliseconds; `problem` says why it has no part in the answer. */
export type SourceReportShape = {
  source: string;
  found: number;
  milliseconds: number;
  problem: string | null;
};

/** What is spoken at a service's port. */
export type Speech = "http" | "ws";

/** Which entry. */
export type SpendingIdInput = {
  id: string;
};

/** Money that no session knows of. */
export type SpendingInput = {
  /** In dollars; below zero, money that came back. */
  amount: number;
  /** @default null */
  category?: string | null | undefined;
  /**
   * As `YYYY-MM`; null stands for this one, in UTC.
   * @default null
   */
  month?: string | null | undefined;
  /** @default null */
  note?: string | null | undefined;
};

/** Money spent; `source` says by what. */
export type SpendingShape = {
  id: string;
  category: string | null;
  amount: number;
  note: string | null;
  source: string;
  at: string;
};

/** So much of the thing every so many days, first at `dueAt` (now). */
export type StapleInput = {
  /**
   * A product's `productId`, as `search` gives it.
   * @default null
   */
  productId?: string | null | undefined;
  /**
   * Your own words; needed without `productId`.
   * @default null
   */
  text?: string | null | undefined;
  /**
   * In what the thing is counted, such as `lb`; null stands for packages.
   * @default null
   */
  unit?: string | null | undefined;
  /**
   * @minimum 1
   * @maximum 3650
   */
  everyDays: number;
  /** @default 1 */
  quantity?: number | undefined;
  /** @default null */
  dueAt?: string | null | undefined;
};

/** So much of one thing every so many days; `dueAt` is when it is wanted next. */
export type StapleShape = {
  id: string;
  productId: string | null;
  name: string;
  quantity: number;
  unit: string | null;
  everyDays: number;
  dueAt: string;
};

/** Your staples, the one due first first. */
export type StaplesAnswer = {
  staples: StapleShape[];
};

/** How to shop, and by which list. */
export type StartSessionInput = {
  type: SessionType;
  /**
   * A list's `id`, as `getLists` gives it; null: a new list.
   * @default null
   */
  listId?: string | null | undefined;
  /**
   * The session's own limit, in dollars; null: none.
   * @default null
   */
  budget?: number | null | undefined;
  /**
   * May be left out; it must be your own.
   * @default null
   */
  userId?: string | null | undefined;
};

/** Where a job stands. `DEAD` is a job that failed too often; it can be replayed. */
export type State = "waiting" | "running" | "done" | "dead" | "canceled";

/** The figures of one product; null where no price was ever seen. */
export type StatisticsAnswer = {
  productId: string;
  figures: PriceFigures | null;
};

/** Which product, and how far back. */
export type StatisticsInput = {
  /** A product's `productId`, as `search` gives it. */
  productId: string;
  /**
   * How many days to look back; null: all that was seen.
   * @minimum 1
   * @maximum 3650
   * @default null
   */
  days?: number | null | undefined;
};

/** One procedure and its input; in an input "@0" is the id of what the first step makes. */
export type StepShape = {
  procedure: string;
  input: Record<string, unknown>;
};

/** How calls are spread over a service's instances. */
export type Strategy = "round_robin" | "weighted_round_robin" | "least_connections" | "least_response_time";

/**
 * A product that may go into the bag instead.
 *
 * `similarity` is the product of what the `differences` leave, moved by what your household said
 * and likes; from 0.85 most shoppers take it unasked, from 0.4 with a note.
 */
export type SubstituteShape = {
  productId: string;
  name: string;
  brand: string | null;
  description: string | null;
  category: string | null;
  categoryPath: string[];
  currentPrice: number | null;
  price: PriceShape | null;
  priceMissing: string | null;
  unitPrice: string | null;
  size: SizeShape | null;
  inStock: boolean | null;
  rating: number | null;
  reviewCount: number | null;
  imageUrl: string | null;
  productUrl: string | null;
  gtin: string | null;
  claims: string[];
  ingredients: string | null;
  processing: number | null;
  source: string;
  updatedAt: string;
  similarity: number;
  differences: DifferenceShape[];
};

/** The substitutes, best first; none where nothing acceptable is known. */
export type SubstitutionsAnswer = {
  success: boolean;
  substitutions: SubstituteShape[];
  count: number;
  leftOut: WithheldShape[];
};

/** What it may become, the most common first. */
export type SuggestAnswer = {
  suggestions: string[];
};

/** What has been typed so far. */
export type SuggestInput = {
  /**
   * @minLength 1
   * @maxLength 200
   */
  query: string;
  /**
   * @minimum 1
   * @maximum 20
   * @default 10
   */
  limit?: number | undefined;
};

/** What is to be another; what is left out stays. */
export type TargetChanges = {
  targetId: string;
  /** @default null */
  name?: string | null | undefined;
  /**
   * @maxItems 5
   * @default null
   */
  kinds?: NoticeKind[] | null | undefined;
};

/** Which target. */
export type TargetInput = {
  targetId: string;
};

/** The target is gone. */
export type TargetRemoved = {
  success: boolean;
};

/**
 * A place outside that was asked since start, and how it does.
 *
 * While its breaker is `open` nobody asks it for `wait_s` seconds more; `half_open` lets a few
 * calls through to see.
 */
export type TargetReport = {
  name: string;
  breaker: "closed" | "half_open" | "open";
  calls: number;
  failures: number;
  waitS: number;
};

/** Where you are told; of the address only its kind is shown. */
export type TargetShape = {
  targetId: string;
  name: string;
  url: string;
  kinds: NoticeKind[];
  lastToldAt: string | null;
  lastProblem: string | null;
  createdAt: string;
};

/** Where and when you are told. */
export type TargetsAnswer = {
  targets: TargetShape[];
  quietHours: QuietHoursShape;
};

/** What counts as too much, in its `unit`; it is over again a tenth below. */
export type Threshold = {
  name: "cpu" | "disk" | "leak" | "loopLag" | "memory" | "openFiles" | "wal";
  value: number;
  unit: string;
};

/** A word that lets one socket in, once, for so many seconds. */
export type TicketShape = {
  ticket: string;
  expiresInS: number;
};

/** Sums in dollars; `low` and `high` differ from the total where weight decides. */
export type Till = {
  subtotal: number;
  deposit: number;
  tax: number;
  total: number;
  low: number;
  high: number;
};

/** What the till adds from now on; what is left out adds nothing. */
export type TillRuleInput = {
  /** @default 0 */
  taxPercent?: number | undefined;
  /** @default [] */
  taxedCategories?: string[] | undefined;
  /** @default 0 */
  deposit?: number | undefined;
  /** @default [] */
  depositCategories?: string[] | undefined;
};

/**
 * What the till adds to shelf prices: sales tax and deposits.
 *
 * The tax falls on `taxedCategories`, on everything where that is empty; the deposit on each
 * bottle or can of `depositCategories`.
 */
export type TillRuleShape = {
  taxPercent: number;
  taxedCategories: string[];
  deposit: number;
  depositCategories: string[];
};

/** Which plan. */
export type TokenInput = {
  /**
   * The `token` that came with a plan of `ask`.
   * @minLength 1
   * @maxLength 200
   */
  token: string;
};

/** A token for programs, without its secret. */
export type TokenShape = {
  tokenId: string;
  name: string;
  grants: ("admin" | "read" | "system" | "write")[];
  createdAt: string;
  lastUsedAt: string | null;
  expiresAt: string | null;
};

/** Your tokens, newest first. */
export type TokensPage = {
  tokens: TokenShape[];
};

/** The services, which needs which, and which procedures travel to which. */
export type Topology = {
  services: ServiceReport[];
  needs: Needs[];
  travels: Travels[];
};

/** The list after an edit of many lines; `missing` are the ids that no line has. */
export type TouchAnswer = {
  success: boolean;
  done: string[];
  missing: string[];
  list: GroceryListShape;
};

/** A procedure that another service answers, where the services are processes. */
export type Travels = {
  procedure: string;
  service: string;
};

/** What a sentence was understood as; `band` is accept, ask or out_of_scope. */
export type UnderstoodShape = {
  intents: string[];
  entities: EntityShape[];
  confidence: number;
  alternatives: AlternativeShape[];
  band: string;
  needsConfirmation: boolean;
  source: string;
};

/** The list after an undo; `undone` names the change that was taken back. */
export type UndoAnswer = {
  success: boolean;
  undone: string;
  list: GroceryListShape;
};

/** Why a line has no price. */
export type Unpriced = "no_product" | "unknown_product" | "no_price" | "other_currency" | "unit_unclear";

/** A list that is shared with nobody; who did not make it, sees it no more. */
export type UnsharedAnswer = {
  success: boolean;
};

/** The watch is gone. */
export type UnwatchAnswer = {
  success: boolean;
};

/** What to change of a line; what is left out stays, and "" empties `unit` or `notes`. */
export type UpdateItemInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @minimum 0
   * @maximum 9007199254740991
   * @default null
   */
  version?: number | null | undefined;
  /** The `id` of a line, as `getList` gives it. */
  itemId: string;
  /** @default null */
  quantity?: number | null | undefined;
  /** @default null */
  unit?: string | null | undefined;
  /** @default null */
  notes?: string | null | undefined;
  /** @default null */
  text?: string | null | undefined;
  /** @default null */
  status?: ItemStatus | null | undefined;
  /** @default null */
  substitutionAllowed?: boolean | null | undefined;
  /** @default null */
  substitutes?: string[] | null | undefined;
};

/** A new name or description; what is left out stays, and "" removes a description. */
export type UpdateListInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @minimum 0
   * @maximum 9007199254740991
   * @default null
   */
  version?: number | null | undefined;
  /** @default null */
  name?: string | null | undefined;
  /** @default null */
  description?: string | null | undefined;
};

/** A person; `grants` are what they may do. */
export type UserShape = {
  userId: string;
  email: string | null;
  displayName: string;
  grants: ("admin" | "read" | "system" | "write")[];
};

/** How many at most. */
export type UsualsInput = {
  /**
   * @minimum 1
   * @maximum 50
   * @default 10
   */
  limit?: number | undefined;
};

/** What is remembered now, and how alike the two products are by themselves. */
export type VerdictAnswer = {
  success: boolean;
  verdict: "accepted" | "refused" | null;
  similarity: number | null;
};

/** A product and a substitute for it. */
export type VerdictInput = {
  /** A product's `productId`, as `search` gives it. */
  productId: string;
  /** The `productId` of what would be bought instead. */
  substituteId: string;
  /**
   * May be left out; it must be your own.
   * @default null
   */
  userId?: string | null | undefined;
};

/** Which list, as the caller last saw it. */
export type VersionedListInput = {
  /** A list's `id`, as `getLists` gives it. */
  listId: string;
  /**
   * The version you last saw; a list at another one answers CONFLICT.
   * @minimum 0
   * @maximum 9007199254740991
   * @default null
   */
  version?: number | null | undefined;
};

/** How somebody is known. */
export type Via = "stranger" | "open house" | "cookie" | "access token" | "api token" | "ticket" | "terminal" | "another service";

/** Channels as at the event sockets: topics, or patterns like `product.*`; none: the usual. */
export type WantedEvents = {
  /**
   * @maxItems 100
   * @default []
   */
  channels?: string[] | undefined;
  /**
   * The id of the last event that you have.
   * @pattern ^[0-9]{1,18}$
   * @default null
   */
  lastEventId?: string | null | undefined;
};

/** One list, or all that you can see. */
export type WantedList = {
  /** @default null */
  listId?: string | null | undefined;
  /**
   * The id of the last event that you have.
   * @pattern ^[0-9]{1,18}$
   * @default null
   */
  lastEventId?: string | null | undefined;
};

/** The prices of some products, or of all. */
export type WantedPrices = {
  /**
   * @maxItems 1000
   * @default null
   */
  productIds?: string[] | null | undefined;
  /**
   * The id of the last event that you have.
   * @pattern ^[0-9]{1,18}$
   * @default null
   */
  lastEventId?: string | null | undefined;
};

/** One sentence's result, or all of yours. */
export type WantedResults = {
  /** @default null */
  jobId?: string | null | undefined;
  /**
   * The id of the last event that you have.
   * @pattern ^[0-9]{1,18}$
   * @default null
   */
  lastEventId?: string | null | undefined;
};

/** How the warmer does since it started; `last` is null before its first round. */
export type WarmerStatus = {
  isWarming: boolean;
  rounds: number;
  everyS: number;
  last: RoundShape | null;
};

/** What to tell of a product; at least one of `below`, `dropPercent` and `backInStock`. */
export type WatchInput = {
  /** A product's `productId`, as `search` gives it. */
  productId: string;
  /**
   * Tells when it costs so many dollars or less.
   * @default null
   */
  below?: number | null | undefined;
  /**
   * Tells when it fell so many percent below the highest seen.
   * @minimum 1
   * @maximum 99
   * @default null
   */
  dropPercent?: number | null | undefined;
  /**
   * Tells when it can be had again.
   * @default false
   */
  backInStock?: boolean | undefined;
  /**
   * 9 is the highest and is looked at most often.
   * @minimum 0
   * @maximum 9
   * @default 5
   */
  priority?: number | undefined;
};

/** One watch; `product` is null if it is no longer sold. */
export type WatchShape = {
  productId: string;
  below: number | null;
  dropPercent: number | null;
  backInStock: boolean;
  priority: number;
  lastLookAt: string | null;
  createdAt: string;
  product: CurrentPrice | null;
};

/** Everything that you watch, the newest first; `isLive` if there is a source to look at. */
export type WatchesAnswer = {
  watches: WatchShape[];
  isLive: boolean;
};

/** What is to be another; what is left out stays. Enabled again, a webhook goes on in order. */
export type WebhookChanges = {
  webhookId: string;
  /**
   * @minLength 1
   * @maxLength 2000
   * @default null
   */
  url?: string | null | undefined;
  /**
   * @minItems 1
   * @maxItems 50
   * @default null
   */
  channels?: string[] | null | undefined;
  /** @default null */
  description?: string | null | undefined;
  /** @default null */
  isEnabled?: boolean | null | undefined;
};

/** Which webhook. */
export type WebhookInput = {
  webhookId: string;
};

/** The webhook is gone, and its log. */
export type WebhookRemoved = {
  success: boolean;
};

/** A webhook and the secret that signs its messages. The secret is shown only here. */
export type WebhookSecret = {
  webhook: WebhookShape;
  secret: string;
};

/** A webhook. `attempts` of its next message failed since `failingSince`, if any did. */
export type WebhookShape = {
  webhookId: string;
  url: string;
  description: string;
  channels: string[];
  isEnabled: boolean;
  disabledAt: string | null;
  disabledReason: string | null;
  attempts: number;
  failingSince: string | null;
  nextAttemptAt: string | null;
  oldSecretUntil: string | null;
  createdAt: string;
};

/** Your webhooks, oldest first. */
export type WebhooksAnswer = {
  webhooks: WebhookShape[];
};

/** Which invitation of a household. */
export type WithdrawInput = {
  /** @maxLength 400 */
  householdId: string;
  /** @maxLength 400 */
  invitationId: string;
};

/** How many products were alike enough and left out for one reason. */
export type WithheldShape = {
  reason: string;
  count: number;
};

export type AppRouterRecord = {
  agent: {
    /**
     * The answer to a sentence, in the light of those before; changes wait for a yes.
     *
     * Needs the grant `write`.
     */
    ask: Mutation<SentenceInput, AskAnswer>;
    /**
     * The plan of a token carried out, once; asked again, it only tells so.
     *
     * Needs the grant `write`.
     */
    confirm: Mutation<TokenInput, AskAnswer>;
    /**
     * The corrections, with what is meant by this phrase from now on.
     *
     * Needs the grant `write`.
     */
    correct: Mutation<CorrectionInput, CorrectionsAnswer>;
    /**
     * What your household means by its words, as it corrected them.
     *
     * Needs the grant `read`.
     */
    corrections: Query<void, CorrectionsAnswer>;
    /**
     * Whatever waited for a yes, waits no more.
     *
     * Needs the grant `write`.
     */
    drop: Mutation<void, ForgottenAnswer>;
    /**
     * What is meant by a phrase, forgotten; without a phrase, all of it.
     *
     * Needs the grant `write`.
     */
    forgetCorrections: Mutation<ForgetInput | void, ForgottenAnswer>;
    /**
     * What a sentence would come to: its plan without a token. Nothing is kept of it.
     *
     * Needs the grant `read`.
     */
    understand: Query<SentenceInput, AskAnswer>;
  };
  auth: {
    /**
     * Changes your password and ends every other session; this one stays.
     *
     * Needs the grant `write`.
     */
    changePassword: Mutation<ChangePasswordInput, SignedOut>;
    /**
     * A token for a program of yours; it may do no more than you.
     *
     * Needs the grant `write`.
     */
    createToken: Mutation<CreateTokenInput, NewTokenShape>;
    /**
     * Erases your account and everything of yours, for good; your password is asked once more.
     *
     * The audit trail keeps what was done, with your id and without your name.
     *
     * Needs the grant `write`.
     */
    deleteAccount: Mutation<DeleteAccountInput, Erased>;
    /**
     * Everything that this house keeps of you, table by table; of secrets not even their hashes.
     *
     * Needs the grant `read`.
     */
    exportData: Query<void, ExportShape>;
    /**
     * Your tokens for programs, newest first.
     *
     * Needs the grant `read`.
     */
    listTokens: Query<void, TokensPage>;
    /**
     * Who you are to this house, and how it knows.
     *
     * Needs the grant `public`.
     */
    me: Query<void, MeShape>;
    /**
     * New tokens for a refresh token. One that comes a second time ends its session.
     *
     * Needs the grant `public`.
     */
    refresh: Mutation<ShapesAuthRefreshInput, EntranceShape>;
    /**
     * Registers you; most houses ask for an invitation.
     *
     * Needs the grant `public`.
     */
    register: Mutation<RegisterInput, EntranceShape>;
    /**
     * Your tokens without the one that you revoked; what it opened closes.
     *
     * Needs the grant `write`.
     */
    revokeToken: Mutation<RevokeTokenInput, TokensPage>;
    /**
     * Makes you the owner of a new house, once, with the code that its terminal showed.
     *
     * What was kept before by the open house is yours then.
     *
     * Needs the grant `public`.
     */
    setup: Mutation<SetupInput, EntranceShape>;
    /**
     * A new session. After five wrong passwords each further try must wait longer.
     *
     * Needs the grant `public`.
     */
    signIn: Mutation<SignInInput, EntranceShape>;
    /**
     * Ends this session; its sockets and streams close.
     *
     * Needs the grant `public`.
     */
    signOut: Mutation<void, SignedOut>;
    /**
     * Ends every session of yours; tokens for programs stay.
     *
     * Needs the grant `write`.
     */
    signOutEverywhere: Mutation<void, SignedOut>;
    /**
     * A ticket for one socket: send `{"ticket": "…"}` as connection parameters.
     *
     * Needs the grant `read`.
     */
    wsTicket: Mutation<void, TicketShape>;
  };
  budgets: {
    /**
     * That the entry is out of its envelope.
     *
     * Needs the grant `write`.
     */
    forgetSpending: Mutation<SpendingIdInput, Forgotten>;
    /**
     * Your envelopes in a month, with what is spent, planned and left.
     *
     * Needs the grant `read`.
     */
    get: Query<BudgetInput | void, BudgetAnswer>;
    /**
     * The month's envelopes with this limit, which holds until another is set.
     *
     * Needs the grant `write`.
     */
    setEnvelope: Mutation<EnvelopeInput, BudgetAnswer>;
    /**
     * What the till adds for you from now on.
     *
     * Needs the grant `write`.
     */
    setTillRule: Mutation<TillRuleInput | void, TillRuleShape>;
    /**
     * The month's envelopes with this spending counted in.
     *
     * Needs the grant `write`.
     */
    spend: Mutation<SpendingInput, BudgetAnswer>;
    /**
     * What the till adds for you.
     *
     * Needs the grant `read`.
     */
    tillRule: Query<void, TillRuleShape>;
  };
  cacheWarmer: {
    /**
     * Whether a round is under way, how many there were, and what the last one did.
     *
     * Needs the grant `read`.
     */
    status: Query<void, WarmerStatus>;
    /**
     * Goes a round now, and tells what it did; one under way is waited for instead.
     *
     * Needs the grant `admin`.
     */
    warmNow: Mutation<void, RoundShape>;
  };
  events: {
    /**
     * Every event of the channels that you may hear, from now on or after `lastEventId`.
     *
     * Needs the grant `read`.
     */
    on: Subscription<WantedEvents | void, Tracked<EventMessage>>;
  };
  groceryNLPQueue: {
    /**
     * One of your jobs, ended if it was not yet.
     *
     * Needs the grant `write`.
     */
    cancel: Mutation<JobInput, JobShape>;
    /**
     * Every sentence of yours erased, with its jobs, plans and the conversation.
     *
     * Needs the grant `write`.
     */
    eraseHistory: Mutation<void, ErasedAnswer>;
    /**
     * What your sentences were understood as, and by which model.
     *
     * Needs the grant `read`.
     */
    history: Query<NlpHistoryInput | void, NlpHistoryAnswer>;
    /**
     * Your jobs in figures.
     *
     * Needs the grant `read`.
     */
    metrics: Query<void, MetricsAnswer>;
    /**
     * Results of sentences that take longer than a moment.
     *
     * Needs the grant `read`.
     */
    onResult: Subscription<WantedResults | void, Tracked<ResultMessage>>;
    /**
     * How many jobs start before one of yours.
     *
     * Needs the grant `read`.
     */
    position: Query<JobInput, PositionAnswer>;
    /**
     * The job that understands a sentence, kept before this answers.
     *
     * Needs the grant `write`.
     */
    processQuery: Mutation<QueryInput, QueuedAnswer>;
    /**
     * One of your jobs that failed for good, waiting again with all its attempts.
     *
     * Needs the grant `write`.
     */
    replay: Mutation<JobInput, JobShape>;
    /**
     * Where one of your jobs stands, and its result.
     *
     * Needs the grant `read`.
     */
    status: Query<JobInput, JobShape>;
  };
  households: {
    /**
     * A new household, which you own.
     *
     * Needs the grant `write`.
     */
    create: Mutation<CreateHouseholdInput, HouseholdShape>;
    /**
     * The invitations that nobody has used yet, without their codes; owners see them.
     *
     * Needs the grant `read`.
     */
    invitations: Query<HouseholdInput, InvitationsPage>;
    /**
     * A code that lets one person join within a week; owners invite.
     *
     * Needs the grant `write`.
     */
    invite: Mutation<InviteInput, InvitationShape>;
    /**
     * Your households with the one that you were invited to.
     *
     * Needs the grant `write`.
     */
    join: Mutation<JoinInput, HouseholdsPage>;
    /**
     * Everybody in a household of yours.
     *
     * Needs the grant `read`.
     */
    members: Query<HouseholdInput, MembersPage>;
    /**
     * Your households.
     *
     * Needs the grant `read`.
     */
    mine: Query<void, HouseholdsPage>;
    /**
     * Leaves a household, or shows somebody out, which owners do.
     *
     * Needs the grant `write`.
     */
    remove: Mutation<MemberInput, HouseholdsPage>;
    /**
     * Gives somebody another role; owners do, and at least one stays.
     *
     * Needs the grant `write`.
     */
    setRole: Mutation<RoleInput, MembersPage>;
    /**
     * Withdraws an invitation, whose code lets nobody in from now on; owners do.
     *
     * Needs the grant `write`.
     */
    withdraw: Mutation<WithdrawInput, InvitationsPage>;
  };
  jobs: {
    /**
     * Jobs that failed for good, whoever they are for, newest first.
     *
     * Needs the grant `admin`.
     */
    dead: Query<DeadInput | void, DeadLetters>;
    /**
     * A job that failed for good, waiting again with all its attempts.
     *
     * Needs the grant `admin`.
     */
    replay: Mutation<ReplayInput, DeadLetter>;
  };
  memoryMonitor: {
    /**
     * Memory, processor, files and lag of every process, the database and the disk, just now.
     *
     * Needs the grant `read`.
     */
    current: Query<void, MonitorNow>;
    /**
     * The same as it was measured in the last minutes, oldest first.
     *
     * Needs the grant `read`.
     */
    history: Query<MemoryMonitorHistoryInput | void, MonitorHistory>;
    /**
     * What counts as too much; each is a setting.
     *
     * Needs the grant `read`.
     */
    thresholds: Query<void, Threshold[]>;
  };
  mesh: {
    /**
     * The mesh with every service running that should; rests after crashes end now.
     *
     * Needs the grant `admin`.
     */
    deployAllServices: Mutation<void, MeshReport>;
    /**
     * The instances of a service that take calls now.
     *
     * Needs the grant `admin`.
     */
    discoverServices: Query<DiscoverInput, InstanceReport[]>;
    /**
     * The mesh, one instance on its way out: another is started, this one finishes and ends.
     *
     * Needs the grant `admin`.
     */
    drainInstance: Mutation<DrainInput, MeshReport>;
    /**
     * An instance that takes calls from now on, until its lease ends unless it registers again.
     *
     * Needs the grant `admin`.
     */
    registerService: Mutation<GuestInput, Registered>;
    /**
     * What an instance of a service answers, chosen as the service's strategy says.
     *
     * The call is made for you: what you may not do yourself it may not do either.
     *
     * Needs the grant `admin`.
     */
    request: Mutation<RequestInput, RequestAnswer>;
    /**
     * The mesh, with instances on their way to be replaced one by one, no call lost.
     *
     * Needs the grant `admin`.
     */
    restartService: Mutation<RestartInput | void, MeshReport>;
    /**
     * The mesh, on its way to so many instances of a service; `status` tells how far it is.
     *
     * Needs the grant `admin`.
     */
    scaleService: Mutation<ScaleInput, MeshReport>;
    /**
     * Every service with its instances, as the supervisor sees them.
     *
     * Needs the grant `admin`.
     */
    status: Query<void, MeshReport>;
    /**
     * The services, which needs which, and which procedures travel to which.
     *
     * Needs the grant `admin`.
     */
    topology: Query<void, Topology>;
  };
  monitoring: {
    /**
     * The newest failures that nobody foresaw, with the references that clients were given.
     *
     * Needs the grant `read`.
     */
    errors: Query<void, ErrorReport[]>;
    /**
     * The state of every part of the house, looked at now.
     *
     * Needs the grant `public`.
     */
    health: Query<void, HealthReport>;
    /**
     * Memory, cache and calls since start, of all processes together and of each instance.
     *
     * Needs the grant `read`.
     */
    metrics: Query<void, MetricsReport>;
    /**
     * How long calls of each procedure took since start; what took most of the time first.
     *
     * Needs the grant `read`.
     */
    performance: Query<void, ProcedureFigures[]>;
    /**
     * Every queue in which anything waits, runs or is dead, whoever it is for.
     *
     * Needs the grant `read`.
     */
    queues: Query<void, QueueReport[]>;
    /**
     * Every service with its instances, capacity and scaling, in order of deployment.
     *
     * Needs the grant `read`.
     */
    services: Query<void, ServiceReport[]>;
    /**
     * The places outside that were asked since start, and what their breakers say.
     *
     * Needs the grant `read`.
     */
    targets: Query<void, TargetReport[]>;
  };
  notifications: {
    /**
     * Where you are told from now on: price drops, back in stock, lists shared, budgets crossed.
     *
     * Needs the grant `write`.
     */
    addTarget: Mutation<NewTargetInput, TargetShape>;
    /**
     * Where and when you are told, and how it went last.
     *
     * Needs the grant `read`.
     */
    list: Query<void, TargetsAnswer>;
    /**
     * That you are told there no more.
     *
     * Needs the grant `write`.
     */
    removeTarget: Mutation<TargetInput, TargetRemoved>;
    /**
     * When you are not told, by the clock of your time zone.
     *
     * Needs the grant `write`.
     */
    setQuietHours: Mutation<QuietHoursShape, QuietHoursShape>;
    /**
     * Whether a message arrives, sent now, quiet hours or not.
     *
     * Needs the grant `write`.
     */
    test: Mutation<TargetInput, NotifiedAnswer>;
    /**
     * The target with another name, or told other kinds.
     *
     * Needs the grant `write`.
     */
    updateTarget: Mutation<TargetChanges, TargetShape>;
  };
  orders: {
    /**
     * One order with everything on its receipt.
     *
     * Needs the grant `read`.
     */
    get: Query<OrderInput, OrderAnswer>;
    /**
     * What was bought, newest first; orders without a date come last.
     *
     * Needs the grant `read`.
     */
    list: Query<OrdersInput | void, OrdersAnswer>;
  };
  pantry: {
    /**
     * The list with what is short at home and the staples that fall due.
     *
     * What is open on it counts, so a second call adds nothing.
     *
     * Needs the grant `write`.
     */
    fillList: Mutation<FillListInput, FilledAnswer>;
    /**
     * That the thing and its history are gone.
     *
     * Needs the grant `write`.
     */
    forget: Mutation<PantryItemInput, Forgotten>;
    /**
     * What you have at home, and what is short.
     *
     * Needs the grant `read`.
     */
    get: Query<void, PantryAnswer>;
    /**
     * The last movements of a thing.
     *
     * Needs the grant `read`.
     */
    history: Query<PantryItemInput, PantryHistoryAnswer>;
    /**
     * The staple, in place of one of the same thing.
     *
     * Needs the grant `write`.
     */
    keepStaple: Mutation<StapleInput, StapleShape>;
    /**
     * The thing after it was bought, used, wasted or counted; a new one is kept from now on.
     *
     * Needs the grant `write`.
     */
    move: Mutation<MoveInput, PantryItemShape>;
    /**
     * That the staple is forgotten.
     *
     * Needs the grant `write`.
     */
    removeStaple: Mutation<PantryItemInput, Forgotten>;
    /**
     * The thing with how much of it is enough.
     *
     * Needs the grant `write`.
     */
    setMinimum: Mutation<MinimumInput, PantryItemShape>;
    /**
     * What you buy again and again.
     *
     * Needs the grant `read`.
     */
    staples: Query<void, StaplesAnswer>;
    /**
     * The thing with its last movement taken back; asked again, the one before.
     *
     * Needs the grant `write`.
     */
    undo: Mutation<PantryItemInput, PantryItemShape>;
  };
  preferences: {
    /**
     * Your preferences.
     *
     * Needs the grant `read`.
     */
    get: Query<void, PreferencesShape>;
    /**
     * Your preferences with what you changed.
     *
     * Needs the grant `write`.
     */
    update: Mutation<PreferencesInput | void, PreferencesShape>;
  };
  recommendations: {
    /**
     * What you usually buy along with a list and is not on it yet.
     *
     * Needs the grant `read`.
     */
    forList: Query<ForListInput, RecommendationsAnswer>;
    /**
     * What you are about to run out of, by your own rhythm of buying, with an interval.
     *
     * Needs the grant `read`.
     */
    runningOut: Query<RunningOutInput | void, RecommendationsAnswer>;
    /**
     * What you will probably buy next, by frequency, recency and what goes together.
     *
     * Needs the grant `read`.
     */
    usuals: Query<UsualsInput | void, RecommendationsAnswer>;
  };
  security: {
    /**
     * Who did what to which object, from where, newest first.
     *
     * Needs the grant `admin`.
     */
    auditTrail: Query<AuditInput | void, AuditPage>;
    /**
     * What you did, and what was tried in your name, newest first.
     *
     * Needs the grant `read`.
     */
    events: Query<AuditInput | void, AuditPage>;
    /**
     * Ends one of your sessions; an administrator may end anybody's.
     *
     * Needs the grant `write`.
     */
    revokeSession: Mutation<RevokeSessionInput, SessionsPage>;
    /**
     * Where you are signed in, newest first.
     *
     * Needs the grant `read`.
     */
    sessions: Query<void, SessionsPage>;
    /**
     * Whether the audit trail is as it was written, entry by entry.
     *
     * Needs the grant `admin`.
     */
    verifyAudit: Query<void, AuditVerdict>;
  };
  sources: {
    /**
     * The search as a job; its end is told by the event `job.done` or `job.failed`.
     *
     * Needs the grant `write`.
     */
    collect: Mutation<CollectInput, CollectionAnswer>;
    /**
     * How a search does.
     *
     * Needs the grant `read`.
     */
    collection: Query<CollectionInput, CollectionAnswer>;
  };
  walmartGrocery: {
    /**
     * Remembered: your household takes this substitute; it comes first from now on.
     *
     * Needs the grant `write`.
     */
    acceptSubstitution: Mutation<VerdictInput, VerdictAnswer>;
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
     * The session paused, resumed, reopened, completed or abandoned.
     *
     * Completing books what was spent into the month's budgets.
     *
     * Needs the grant `write`.
     */
    changeShoppingSession: Mutation<ChangeSessionInput, SessionAnswer>;
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
     * What may go into the bag instead of a product, best first, with the reasons.
     *
     * Same use first, then diet, form, size, flavor, brand, price. What the product promises, and what
     * your household cannot eat, a substitute must promise in words; unknown counts as broken.
     *
     * Needs the grant `read`.
     */
    findSubstitutions: Query<FindSubstitutionsInput, SubstitutionsAnswer>;
    /**
     * Your word on this substitute taken back, if there was one.
     *
     * Needs the grant `write`.
     */
    forgetSubstitution: Mutation<VerdictInput, VerdictAnswer>;
    /**
     * What stands in for a line of your list whose product is gone, by the line's own rule.
     *
     * Needs the grant `read`.
     */
    getItemFallback: Query<FallbackInput, FallbackAnswer>;
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
     * One product with all that is known of it.
     *
     * Needs the grant `read`.
     */
    getProductDetails: Query<DetailsInput, DetailsAnswer>;
    /**
     * One of your sessions with its lines and its running total.
     *
     * Needs the grant `read`.
     */
    getShoppingSession: Query<SessionInput, SessionAnswer>;
    /**
     * Your sessions, newest first, page by page.
     *
     * Needs the grant `read`.
     */
    getShoppingSessions: Query<SessionsInput | void, SessionsAnswer>;
    /**
     * What you bought before, what is new to you, and what fits, for one query.
     *
     * Needs the grant `read`.
     */
    hybridSearch: Mutation<HybridSearchInput, HybridSearchAnswer>;
    /**
     * What a saved page or an export of orders held; asked again, nothing changes.
     *
     * Needs the grant `write`.
     */
    importOrders: Mutation<ImportInput, ImportAnswer>;
    /**
     * The session with these lines sold out; they are in no total.
     *
     * Needs the grant `write`.
     */
    markUnavailable: Mutation<SessionItemsInput, SessionAnswer>;
    /**
     * What happens to a list, or to all your lists, whoever does it.
     *
     * Needs the grant `read`.
     */
    onListChange: Subscription<WantedList | void, Tracked<ListMessage>>;
    /**
     * The session with these lines in the cart; the running total follows.
     *
     * Needs the grant `write`.
     */
    pickItems: Mutation<PickInput, SessionAnswer>;
    /**
     * The cheapest combination of package sizes for a needed amount.
     *
     * Needs the grant `read`.
     */
    planPacks: Query<PlanInput, PlanAnswer>;
    /**
     * A quote with frozen terms; with its confirmation, links that fill the shop's cart.
     *
     * Never places an order. Asked again after the hand-off, it gives the same links.
     *
     * Needs the grant `write`.
     */
    processCheckout: Mutation<CheckoutInput, CheckoutAnswer>;
    /**
     * The session with these lines still to get.
     *
     * Needs the grant `write`.
     */
    putBackItems: Mutation<SessionItemsInput, SessionAnswer>;
    /**
     * Remembered: your household does not take this substitute; it is not proposed again.
     *
     * Needs the grant `write`.
     */
    refuseSubstitution: Mutation<VerdictInput, VerdictAnswer>;
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
     * The products that answer a query, best first; understands brands, sizes and diets.
     *
     * Needs the grant `read`.
     */
    search: Query<SearchInput, SearchAnswer>;
    /**
     * The products that answer a query; the same as `search`, asked as a mutation.
     *
     * Needs the grant `read`.
     */
    searchProducts: Mutation<SearchInput, SearchAnswer>;
    /**
     * The list with what to do where a line's product is gone: never, these, same_size or ask.
     *
     * Needs the grant `write`.
     */
    setItemFallback: Mutation<SetFallbackInput, ListAnswer>;
    /**
     * Your list, seen by everybody in a household of yours, and changed by all but its guests.
     *
     * Needs the grant `write`.
     */
    shareList: Mutation<ShareListInput, ListAnswer>;
    /**
     * A session over one of your lists, or a new list; a list's live session is found again.
     *
     * Needs the grant `write`.
     */
    startShoppingSession: Mutation<StartSessionInput, SessionAnswer>;
    /**
     * What the words typed so far may become.
     *
     * Needs the grant `read`.
     */
    suggest: Query<SuggestInput, SuggestAnswer>;
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
     * The list seen by nobody any more but the person who made it.
     *
     * Needs the grant `write`.
     */
    unshareList: Mutation<ListInput, UnsharedAnswer>;
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
  walmartPrice: {
    /**
     * What you were told of the products you watch.
     *
     * Needs the grant `read`.
     */
    alerts: Query<AlertsInput | void, AlertsAnswer>;
    /**
     * Whether a "was" price is honest, by what was seen.
     *
     * Needs the grant `read`.
     */
    checkOffer: Query<OfferInput, OfferAnswer>;
    /**
     * Whether a product shrank while its price did not, by the sizes and prices that were seen.
     *
     * Needs the grant `read`.
     */
    checkSize: Query<ProductInput, ShrinkAnswer>;
    /**
     * Products side by side by their unit prices.
     *
     * Needs the grant `read`.
     */
    compare: Query<ProductsInput, CompareAnswer>;
    /**
     * A product's price, with who stated it and when; asked of the shop where one is set up.
     *
     * Needs the grant `read`.
     */
    current: Query<LiveInput, LivePrice>;
    /**
     * What was seen of a product's price, newest first: look by look of late, all of it by day.
     *
     * Needs the grant `read`.
     */
    history: Query<PriceHistoryInput, PriceHistoryAnswer>;
    /**
     * The newest prices of many products.
     *
     * Needs the grant `read`.
     */
    many: Query<ProductsInput, ManyPrices>;
    /**
     * Changes of prices as they are seen, of the products you name or of all.
     *
     * Needs the grant `read`.
     */
    onPriceChange: Subscription<WantedPrices | void, Tracked<PriceMessage>>;
    /**
     * The product after a price that you saw; one that differs is told to whoever listens.
     *
     * Needs the grant `write`.
     */
    record: Mutation<RecordInput, RecordAnswer>;
    /**
     * What the shop says of many products now; every price it says is kept.
     *
     * Needs the grant `read`.
     */
    refresh: Mutation<PriceWatchesRefreshInput, RefreshAnswer>;
    /**
     * In which months of the year a product was cheaper or dearer than usual.
     *
     * Needs the grant `read`.
     */
    seasons: Query<ProductInput, SeasonsAnswer>;
    /**
     * What is usual for a product: least, most, mean, median and percentiles of what was seen.
     *
     * Needs the grant `read`.
     */
    stats: Query<StatisticsInput, StatisticsAnswer>;
    /**
     * That you are told of the product no more.
     *
     * Needs the grant `write`.
     */
    unwatch: Mutation<ProductInput, UnwatchAnswer>;
    /**
     * The watch; what happens is told by the event `product.price_alert` and by `alerts`.
     *
     * Needs the grant `write`.
     */
    watch: Mutation<WatchInput, WatchShape>;
    /**
     * What you watch, with the newest prices.
     *
     * Needs the grant `read`.
     */
    watches: Query<void, WatchesAnswer>;
  };
  webhooks: {
    /**
     * A webhook for events from now on that you may hear, and the secret that signs them.
     *
     * Needs the grant `write`.
     */
    create: Mutation<NewWebhookInput, WebhookSecret>;
    /**
     * What was sent to a webhook and what it answered; the newest few hundred are kept.
     *
     * Needs the grant `read`.
     */
    deliveries: Query<DeliveriesInput, DeliveriesAnswer>;
    /**
     * One webhook.
     *
     * Needs the grant `read`.
     */
    get: Query<WebhookInput, WebhookShape>;
    /**
     * Your webhooks, and how each does.
     *
     * Needs the grant `read`.
     */
    list: Query<void, WebhooksAnswer>;
    /**
     * Sends a message once more, with the id that it had; its entry tells what came of it.
     *
     * Needs the grant `write`.
     */
    redeliver: Mutation<DeliveryInput, DeliveryShape>;
    /**
     * That nothing is sent there any more.
     *
     * Needs the grant `write`.
     */
    remove: Mutation<WebhookInput, WebhookRemoved>;
    /**
     * A new secret; messages are signed with the old one too until `oldSecretUntil`.
     *
     * Needs the grant `write`.
     */
    rotateSecret: Mutation<WebhookInput, WebhookSecret>;
    /**
     * Gives up the message that the receiver does not take, so that the next ones follow.
     *
     * Needs the grant `write`.
     */
    skip: Mutation<WebhookInput, WebhookShape>;
    /**
     * What the receiver answers to a `webhook.ping`, sent now.
     *
     * Needs the grant `write`.
     */
    test: Mutation<WebhookInput, PingAnswer>;
    /**
     * The webhook with your changes; enabled again, it is sent what it missed, in order.
     *
     * Needs the grant `write`.
     */
    update: Mutation<WebhookChanges, WebhookShape>;
  };
};

export type AppRouter = TRPCBuiltRouter<
  { ctx: object; meta: object; errorShape: ErrorShape; transformer: false },
  AppRouterRecord
>;
