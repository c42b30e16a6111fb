// one-get.yml for k6; the body is not kept there either.
import http from 'k6/http';
import { check } from 'k6';

export const options = {
  discardResponseBodies: true,
  scenarios: { main: { executor: 'constant-vus', vus: 64, duration: __ENV.DURATION } },
};

export default function () {
  check(http.get(__ENV.URL + '/'), { 'status is 200': (r) => r.status === 200 });
}

export function handleSummary(data) {
  return { [__ENV.SUMMARY]: JSON.stringify(data.metrics) };
}
