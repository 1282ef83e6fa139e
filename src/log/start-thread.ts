import { type ResourceLimits, Worker } from 'node:worker_threads';

/**
 * Starts a thread of ours: the module of that name beside the one whose `import.meta.url` is given. Sources run through tsx,
 * which a thread has to load by itself.
 */
export function startThread(
  name: string,
  {
    beside,
    data: workerData,
    resourceLimits = {},
  }: { readonly beside: string; readonly data: unknown; readonly resourceLimits?: ResourceLimits },
): Worker {
  const options = { workerData, resourceLimits };
  if (!beside.endsWith('.ts')) return new Worker(new URL(`./${name}.js`, beside), options);
  const file = new URL(`./${name}.ts`, beside).href;
  const load = `import('tsx/esm/api').then(({ register }) => { register(); return import('${file}'); });`;
  return new Worker(load, { ...options, eval: true });
}
