// BullMQ on Redis: the same two runs as ours.py, printed as one line of JSON.
import { Queue, Worker } from "bullmq";

const [port, jobs, chunk, atOnce, probes] = process.argv.slice(2).map(Number);
const connection = { host: "127.0.0.1", port, maxRetriesPerRequest: null };
const now = () => Number(process.hrtime.bigint()) / 1e9;
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

const name = `bench-${process.pid}`;
const queue = new Queue(name, {
  connection,
  defaultJobOptions: { removeOnComplete: false, attempts: 5 },
});
await queue.waitUntilReady();

// What the work costs: this process and the server, which share it.
async function cpuSeconds() {
  const { user, system } = process.cpuUsage();
  const told = await (await queue.client).info("cpu");
  const spent = (name) => Number(new RegExp(`${name}:([\\d.]+)`).exec(told)[1]);
  return (user + system) / 1e6 + spent("used_cpu_user") + spent("used_cpu_sys");
}

const cpuBefore = await cpuSeconds();
let began = now();
for (let first = 0; first < jobs; first += chunk) {
  const rows = Array.from({ length: Math.min(chunk, jobs - first) }, (_, at) => ({
    name: "count",
    data: { number: first + at },
  }));
  await queue.addBulk(rows);
}
const enqueued = now() - began;

let done = 0;
began = now();
const finished = await new Promise((resolve) => {
  const worker = new Worker(name, async (job) => job.data.number, {
    connection,
    concurrency: atOnce,
  });
  worker.on("completed", () => {
    done += 1;
    if (done === jobs) resolve(worker);
  });
});
const processed = now() - began;
const cpu = (await cpuSeconds()) - cpuBefore;
await finished.close();

const waits = [];
const started = new Map();
const worker = new Worker(
  name,
  async (job) => {
    started.get(job.data.probe)?.();
    return null;
  },
  { connection, concurrency: atOnce },
);
await worker.waitUntilReady();
for (let probe = 0; probe < probes; probe += 1) {
  await new Promise((resolve) => setTimeout(resolve, 15));
  const asked = now();
  const begun = new Promise((resolve) => started.set(probe, resolve));
  await queue.add("probe", { probe });
  await begun;
  waits.push((now() - asked) * 1000);
}
await worker.close();
await queue.obliterate({ force: true });
await queue.close();
console.log(
  JSON.stringify({
    enqueue_per_s: jobs / enqueued,
    process_per_s: jobs / processed,
    per_s: jobs / (enqueued + processed),
    per_cpu_s: jobs / cpu,
    start_p50_ms: median(waits),
  }),
);
process.exit(0);
