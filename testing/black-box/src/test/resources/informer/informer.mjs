// Follows the ConfigMaps of a namespace with the informer of @kubernetes/client-node. Prints the cache as JSON after
// every line of input, and what went wrong.
import { KubeConfig, CoreV1Api, makeInformer } from '@kubernetes/client-node';
import { createInterface } from 'node:readline';

const config = new KubeConfig();
config.loadFromFile(process.argv[2]);
const namespace = process.argv[3];
const api = config.makeApiClient(CoreV1Api);
const list = () => api.listNamespacedConfigMap({ namespace });
const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, list);
const seen = new Map();
const wrong = [];
const check = (object) => {
  const name = object.metadata.name;
  const version = Number(object.metadata.resourceVersion);
  if (version < (seen.get(name) ?? 0)) wrong.push(`${name} went from ${seen.get(name)} to ${version}`);
  seen.set(name, version);
};
for (const event of ['add', 'update', 'delete']) informer.on(event, check);
const again = () => informer.start().catch(() => setTimeout(again, 200));
informer.on('error', () => setTimeout(again, 200));
await again();
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'end') break;
  const cache = Object.fromEntries(informer.list().map((o) => [o.metadata.name, o.metadata.resourceVersion]));
  console.log(JSON.stringify({ cache, wrong }));
}
process.exit(0);
