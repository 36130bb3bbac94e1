// Every statement after a `// wrong:` line must be refused by the compiler, each alone in a file.
// wrong: a misspelt router
client.walmartGrocry.search.query({ query: "milk" });
// wrong: a misspelt procedure
client.walmartGrocery.serch.query({ query: "milk" });
// wrong: a router is no procedure
client.walmartGrocery.query({ query: "milk" });
// wrong: a required field is missing
client.walmartGrocery.search.query({ limit: 5 });
// wrong: no input where one is needed
client.walmartGrocery.search.query();
// wrong: a field of the wrong type
client.walmartGrocery.search.query({ query: 5 });
// wrong: a number as a string
client.walmartGrocery.search.query({ query: "milk", limit: "5" });
// wrong: a field that does not exist
client.walmartGrocery.search.query({ query: "milk", limt: 5 });
// wrong: a field by its name in Python
client.walmartGrocery.getThing.query({ thing_id: "a" });
// wrong: null where a value is needed
client.walmartGrocery.getThing.query({ thingId: null });
// wrong: a literal that is none of the choices
client.walmartGrocery.search.query({ query: "milk", sort: "cheapest" });
// wrong: an enum's value that is not there
client.walmartGrocery.search.query({ query: "milk", aisles: ["produce"] });
// wrong: a union's tag that is not there
client.walmartGrocery.search.query({ query: "milk", measure: { kind: "poured", litres: 1 } });
// wrong: fields of another member of the union
client.walmartGrocery.search.query({ query: "milk", measure: { kind: "counted", grams: 1 } });
// wrong: mutate on a query
client.walmartGrocery.search.mutate({ query: "milk" });
// wrong: query on a mutation
client.auth.logout.query();
// wrong: subscribe to a query
client.walmartGrocery.search.subscribe({ query: "milk" }, {});
// wrong: query on a subscription
client.groceryNLPQueue.onProgress.query({ thingId: "a" });
// wrong: an input where none is taken
client.auth.logout.mutate({ everywhere: true });
// wrong: an object for a form
client.walmartGrocery.upload.mutate({ name: "weekly" });
// wrong: a string for bytes
client.walmartGrocery.uploadRaw.mutate("bytes");
// wrong: a field that the output lacks
(await client.walmartGrocery.search.query({ query: "milk" })).products;
// wrong: a nullable output used unchecked
(await client.walmartGrocery.getThing.query({ thingId: "a" })).thingId;
// wrong: a nullable field used unchecked
(await client.walmartGrocery.search.query({ query: "milk" })).items[0]!.price.amount;
// wrong: a date is a string on this wire
(await client.walmartGrocery.search.query({ query: "milk" })).items[0]!.seenAt.getTime();
// wrong: money is a number on this wire
(await client.walmartGrocery.search.query({ query: "milk" })).items[0]!.price!.amount.trim();
// wrong: a union's field without asking for its tag
(await client.walmartGrocery.search.query({ query: "milk" })).items[0]!.measure.grams;
// wrong: a fourth item of a triple
(await client.walmartGrocery.search.query({ query: "milk" })).items[0]!.spans[3];
// wrong: a comparison that can never hold
(await client.walmartGrocery.search.query({ query: "milk" })).items[0]!.aisle === "bakery";
// wrong: an unknown used unchecked
(await client.walmartGrocery.anything.query()).value;
// wrong: an output assigned to the wrong type
const text: string = await client.walmartGrocery.uploadRaw.mutate(new Uint8Array()); void text;
// wrong: tracked data without its envelope
client.groceryNLPQueue.onProgress.subscribe(undefined, { onData: (item) => item.done });
// wrong: an item of the wrong type
client.groceryNLPQueue.ticks.subscribe({ done: 0 }, { onData: (tick: string) => tick });
// wrong: a field that no error has
(error as TRPCClientError<AppRouter>).data?.zodErrors;
// wrong: an error's code that there is not
(error as TRPCClientError<AppRouter>).data?.code === "TEAPOT";
