// Load for k6 (https://k6.io): a constant rate of requests, whether or not the service keeps up, so that waiting shows.
//
//   k6 run -e URL=http://127.0.0.1:8080 -e BODY=request.json -e RATE=100 -e SECONDS=60 load/predict.js
//
// Fails when p99 is over P99_MS (default 250) or any request is not answered with 200. Send load to services of your
// own alone.
import http from 'k6/http';
import { check } from 'k6';

const url = __ENV.URL || 'http://127.0.0.1:8080';
// A request to predict, as a file: what it must hold depends on the model.
const body = open(__ENV.BODY || 'request.json');

export const options = {
  scenarios: {
    predict: {
      executor: 'constant-arrival-rate',
      rate: Number(__ENV.RATE || 100),
      timeUnit: '1s',
      duration: `${__ENV.SECONDS || 60}s`,
      preAllocatedVUs: 20,
      maxVUs: 200,
    },
  },
  summaryTrendStats: ['p(50)', 'p(95)', 'p(99)', 'max'],
  thresholds: {
    http_req_duration: [`p(99)<${__ENV.P99_MS || 250}`],
    checks: ['rate==1'],
    dropped_iterations: ['count==0'],
  },
};

export default function () {
  const answer = http.post(`${url}/predict`, body, { headers: { 'Content-Type': 'application/json' }, timeout: '30s' });
  check(answer, { 'status is 200': (r) => r.status === 200, 'there are predictions': (r) => r.json('predictions').length > 0 });
}
