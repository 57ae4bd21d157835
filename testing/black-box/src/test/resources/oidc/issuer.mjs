// An OpenID provider (npm: oidc-provider) whose users may sign in with any password.
//   node issuer.mjs FOLDER PORT GENERATION...
// FOLDER has its certificate (issuer.crt, issuer.key); keys of each generation are made there when they are first named,
// and those of the first generation sign.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { join } from 'node:path';
import { exportJWK, generateKeyPair } from 'jose';
import Provider from 'oidc-provider';

const [folder, port, ...generations] = process.argv.slice(2);
const file = (name) => join(folder, name);

async function keys(generation) {
  const kept = file(`${generation}.jwks`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  const made = [];
  for (const algorithm of ['RS256', 'ES256', 'EdDSA']) {
    const { privateKey } = await generateKeyPair(algorithm, { extractable: true });
    // Without `alg`, so that the key of RS256 serves PS256 as well.
    made.push({ ...(await exportJWK(privateKey)), kid: `${generation}-${algorithm}`, use: 'sig' });
  }
  writeFileSync(kept, JSON.stringify(made));
  return made;
}

const accounts = {
  alice: { roles: ['dev', 'ops'], tenant: 't1', email: 'alice@example.com', email_verified: true },
  bob: { roles: ['dev'], tenant: 't2', email: 'bob@example.com', email_verified: true },
  carol: { tenant: 't1', email: 'carol@example.com', email_verified: true },
  dave: { roles: ['dev'], tenant: 't1', email: 'dave@example.com', email_verified: false },
  mallory: { roles: ['system:masters'], tenant: 't1', email: 'mallory@example.com', email_verified: true },
};

const client = (id, algorithm) => ({
  client_id: id,
  client_secret: `secret-of-${id}`,
  redirect_uris: ['https://127.0.0.1:1/callback'],
  id_token_signed_response_alg: algorithm,
});

const provider = new Provider(`https://127.0.0.1:${port}`, {
  jwks: { keys: (await Promise.all(generations.map(keys))).flat() },
  clients: [
    client('kubernetes', 'RS256'),
    client('kubernetes-ps', 'PS256'),
    client('kubernetes-es', 'ES256'),
    client('kubernetes-ed', 'EdDSA'),
    client('brief', 'ES256'),
    client('elsewhere', 'RS256'),
  ],
  enabledJWA: { idTokenSigningAlgValues: ['RS256', 'PS256', 'ES256', 'EdDSA'] },
  findAccount: (context, id) => accounts[id] && { accountId: id, claims: () => ({ sub: id, ...accounts[id] }) },
  claims: { openid: ['sub', 'roles', 'tenant'], email: ['email', 'email_verified'] },
  // What is known of a user is in the token itself.
  conformIdTokenClaims: false,
  pkce: { required: () => false },
  cookies: { keys: ['of no worth'] },
  ttl: { IdToken: (context, token, asking) => (asking.clientId === 'brief' ? 4 : 3600) },
});

createServer({ cert: readFileSync(file('issuer.crt')), key: readFileSync(file('issuer.key')) }, provider.callback())
  .listen(Number(port), '127.0.0.1', () => console.log('ready'));
