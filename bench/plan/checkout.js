// checkout.yml for k6: the same five requests, bodies kept only where something is read from them.
import http from 'k6/http';
import exec from 'k6/execution';
import { check } from 'k6';
import { SharedArray } from 'k6/data';

export const options = {
  discardResponseBodies: true,
  scenarios: { main: { executor: 'constant-vus', vus: 64, duration: __ENV.DURATION } },
};

const users = new SharedArray('users', () => open('./users.csv').trim().split('\n').slice(1).map((line) => {
  const [username, password] = line.split(',');
  return { username, password };
}));
const url = __ENV.URL;
const json = { 'content-type': 'application/json' };

export default function () {
  const { username, password } = users[exec.scenario.iterationInTest % users.length];
  const login = http.post(url + '/login', JSON.stringify({ user: username, password }),
    { headers: json, responseType: 'text' });
  check(login, { 'login is 200': (r) => r.status === 200 });
  const headers = { authorization: 'Bearer ' + login.json('token') };
  const cart = http.get(url + '/cart', { headers, responseType: 'text' }).json('id');
  http.get(url + '/products', { headers });
  http.get(url + '/offers', { headers });
  const order = http.post(url + '/orders', JSON.stringify({ cart, express: true }), { headers: { ...headers, ...json } });
  check(order, { 'order is 201': (r) => r.status === 201 });
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
