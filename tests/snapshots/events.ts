// Written by `manciple types --events`; do not edit.
/** What happened. */
export type AlertKind = "below" | "drop" | "back_in_stock";

/**
 * A place outside is left alone (`open`), tried again (`half_open`), or well (`closed`).
 *
 * It is not asked again for `waitS` seconds.
 */
export type BreakerChanged = {
  target: string;
  before: State;
  state: State;
  waitS: number;
};

/** More was spent in a month than an envelope holds; `category` is empty for everything. */
export type BudgetCrossed = {
  userId: string;
  month: string;
  category: string;
  limit: number;
  spent: number;
};

/** Published by other programs, if at all; its facts are theirs. */
export type Foreign = {};

/** The house is in another state; `services` has the state of each part. */
export type HealthChanged = {
  status: "degraded" | "healthy" | "unhealthy";
  services: Record<string, string>;
};

/** What became of one line. */
export type ItemStatus = "pending" | "checked" | "unavailable";

/** Work kept for later is in another state. */
export type JobChanged = {
  jobId: string;
  kind: string;
  status: string;
};

/** Something happened to a list of `userId`'s, or to its line `itemId`, whose fields follow. */
export type ListChanged = {
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
};

/** A household shares a list of `userId`'s, or does so no more. */
export type ListShared = {
  listId: string;
  userId: string;
  householdId: string;
  isShared: boolean;
};

/** Somebody is in a household in the role; null: no more. */
export type MemberChanged = {
  householdId: string;
  memberId: string;
  role: "guest" | "member" | "owner" | null;
};

/** A sentence could not be understood. */
export type NlpFailure = {
  jobId: string;
  problem: string;
};

/** A sentence is being understood. */
export type NlpProgress = {
  jobId: string;
  status: string;
};

/** What a sentence was understood as. */
export type NlpResult = {
  jobId: string;
  result?: unknown;
};

/** `name` of an instance (or the house) is above its threshold, or no longer. */
export type PressureChanged = {
  name: string;
  instance: string;
  isRaised: boolean;
  value: number;
  threshold: number;
};

/** Something that you watch for; `before` is your threshold, or the price that it fell from. */
export type PriceAlerted = {
  userId: string;
  productId: string;
  name: string;
  alert: AlertKind;
  price: number | null;
  before: number | null;
  currency: string | null;
  source: string | null;
  store: string | null;
  confidence: number | null;
  observedAt: string;
};

/** A product's current price is another; null where none is known. */
export type PriceChanged = {
  productId: string;
  name: string;
  oldPrice: number | null;
  newPrice: number | null;
  currency: string | null;
  source: string | null;
  store: string | null;
  confidence: number | null;
  observedAt: string | null;
};

/** A shopping session began or went on to another status. */
export type SessionChanged = {
  sessionId: string;
  userId: string;
  listId: string | null;
  sessionType: SessionType;
  status: SessionStatus;
  version: number;
};

/** Where a session is. `HANDED_OVER`: the shop's cart was offered; what followed is unknown. */
export type SessionStatus = "active" | "paused" | "reviewing" | "handed_over" | "completed" | "abandoned";

/** How the shopping is done. */
export type SessionType = "online" | "in_store" | "pickup" | "delivery";

/** `HALF_OPEN` lets a few probes through and decides by them. */
export type State = "closed" | "open" | "half_open";

/** A product can be had again, or no longer; null where nobody knows. */
export type StockChanged = {
  productId: string;
  name: string;
  wasInStock: boolean | null;
  inStock: boolean | null;
};

/** Something of the house itself failed; `reference` finds it in the log. */
export type SystemFault = {
  what: string;
  reference: string | null;
};

/** Nothing is sent to a webhook any more, for the reason given. */
export type WebhookDisabled = {
  webhookId: string;
  userId: string;
  url: string;
  reason: string;
};

export type EventFacts = {
  /** The house is in another state of health. */
  "system.health": HealthChanged;
  /** A place outside is left alone, tried again, or well. */
  "system.breaker": BreakerChanged;
  /** Something of the house itself failed. */
  "system.error": SystemFault;
  /** A process, the database or the disk uses too much, or no longer does. */
  "system.pressure": PressureChanged;
  /** A sentence is being understood. */
  "grocery-nlp.processing": NlpProgress;
  /** A sentence was understood. */
  "grocery-nlp.result": NlpResult;
  /** A sentence could not be understood. */
  "grocery-nlp.error": NlpFailure;
  /** A product's price is another. */
  "product.price_change": PriceChanged;
  /** A product can be had again, or no longer. */
  "product.stock_change": StockChanged;
  /** A product that you watch is as cheap as you want it, fell, or is there again. */
  "product.price_alert": PriceAlerted;
  /** A list was made. */
  "list.created": ListChanged;
  /** A list has another name or description. */
  "list.renamed": ListChanged;
  /** A list was put away. */
  "list.archived": ListChanged;
  /** A list was taken out again. */
  "list.restored": ListChanged;
  /** A list was deleted. */
  "list.deleted": ListChanged;
  /** A line was added. */
  "list.item_added": ListChanged;
  /** A line changed. */
  "list.item_updated": ListChanged;
  /** A line was checked off. */
  "list.item_checked": ListChanged;
  /** A line is open again. */
  "list.item_unchecked": ListChanged;
  /** A line was removed. */
  "list.item_removed": ListChanged;
  /** The lines are in another order. */
  "list.reordered": ListChanged;
  /** A household shares a list, or shares it no more. */
  "list.shared": ListShared;
  /** Somebody joined a household, left it, or has another role in it. */
  "household.changed": MemberChanged;
  /** A shopping session began. */
  "session.started": SessionChanged;
  /** A shopping session goes on. */
  "session.active": SessionChanged;
  /** A shopping session rests. */
  "session.paused": SessionChanged;
  /** What a shopping session gathered is looked over. */
  "session.reviewing": SessionChanged;
  /** The shop's cart was offered to a shopping session. */
  "session.handed_over": SessionChanged;
  /** A shopping session is done. */
  "session.completed": SessionChanged;
  /** A shopping session was given up. */
  "session.abandoned": SessionChanged;
  /** Work was kept for later. */
  "job.queued": JobChanged;
  /** Work kept for later got further. */
  "job.progress": JobChanged;
  /** Work kept for later is done. */
  "job.done": JobChanged;
  /** Work kept for later failed. */
  "job.failed": JobChanged;
  /** More was spent than a budget holds; told once, until there is room in it again. */
  "budget.crossed": BudgetCrossed;
  /** A webhook of yours failed for days, or its receiver is gone. */
  "webhook.disabled": WebhookDisabled;
  /** An accepted name without a publisher in this house. */
  "email.analyzed": Foreign;
  /** An accepted name without a publisher in this house. */
  "email.state_changed": Foreign;
};

/** A message of the event sockets: an event's facts, and once more under `data`. */
export type HouseEvent = {
  [T in keyof EventFacts]: EventFacts[T] & {
    type: T;
    id: string;
    timestamp: string;
    data: EventFacts[T];
  };
}[keyof EventFacts];
