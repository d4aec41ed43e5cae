// What the server is asked, and what its refusals mean.
import { t } from './words.js';

export class Conflict extends Error {
  constructor(theirs) { super('conflict'); this.theirs = theirs; }
}

async function call(path, options = {}) {
  let response;
  try {
    response = await fetch(path, { credentials: 'same-origin', ...options });
  } catch {
    throw new Error(t('gone'));
  }
  if (response.status === 409) throw new Conflict(await response.json());
  if (response.status === 403) throw new Error(t('refused'));
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error(body.why || response.statusText), { status: response.status });
  return body;
}

export const who = () => call('/api/who');
export const list = (query) => call('/api/list?' + new URLSearchParams(query));
export const open = (id) => call('/api/documents/' + id);
export const state = (id) => call(`/api/documents/${id}/state`);
export const places = (id, page) => call(`/api/documents/${id}/pages/${page}/places`);
export const picture = (id, page, width) => `/api/documents/${id}/pages/${page}/picture?width=${width}`;
export const decide = (id, ask) => call(`/api/documents/${id}/decisions`, {
  method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(ask),
});
