import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { after, before, test } from 'node:test';
import { createAuthorityMaterial, openAuthority } from '../../io/crypto/certificate-authority.ts';
import { createOpenWeather, type WeatherAnswer } from './open-weather.ts';

const KEY = '0123456789abcdef0123456789abcdef';
const ALICANTE = { city: 'Alicante', country: 'ES' };
/** As OpenWeather answers, shortened. */
const REAL = {
  coord: { lon: -0.4815, lat: 38.3452 },
  weather: [{ id: 801, main: 'Clouds', description: 'few clouds', icon: '02d' }],
  base: 'stations',
  main: { temp: 12.94, feels_like: 11.8, temp_min: 11.9, temp_max: 14.4, pressure: 1_021, humidity: 61 },
  wind: { speed: 3.09, deg: 220 },
  dt: 1_764_000_000,
  name: 'Alicante',
  cod: 200,
};

let server: Server;
let url: string;
let respond: (request: IncomingMessage, response: ServerResponse) => void;
const asked: URL[] = [];

before(async () => {
  server = createServer((request, response) => {
    asked.push(new URL(request.url ?? '/', 'http://fake'));
    respond(request, response);
  });
  url = await listening(server);
});
after(() => {
  server.closeAllConnections();
  server.close();
});

async function listening(one: Server): Promise<string> {
  await new Promise<void>((resolve) => one.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(one.address() as AddressInfo).port}`;
}

function answerWith(status: number, body: unknown, headers: Record<string, string> = {}): void {
  respond = (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

const ask = (key = KEY): Promise<WeatherAnswer> => createOpenWeather({ url }).ask(ALICANTE, key);
const withMain = (main: unknown) => ({ ...REAL, main });

test('S-WEA-03, R2-64: the real contract: path, city, units and key; temperature, feels-like, humidity, wind and description come back', async () => {
  answerWith(200, REAL);
  assert.deepEqual(await ask(), {
    reading: {
      ...{ temperatureCc: 1_294, feelsLikeCc: 1_180, humidityPercent: 61, windCmS: 309 },
      ...{ conditions: 'few clouds', isSimulated: false },
    },
  });
  const { pathname, searchParams } = asked.at(-1)!;
  assert.equal(pathname, '/data/2.5/weather');
  assert.deepEqual(Object.fromEntries(searchParams), { q: 'Alicante,ES', units: 'metric', appid: KEY });
});

test('R2-64 only the temperature is needed: what makes no sense beside it is left out', async () => {
  const main = { temp: -3.5, feels_like: 'cold', humidity: 400 };
  answerWith(200, { base: 'simulated', main, wind: { speed: -1 }, weather: [] });
  assert.deepEqual(await ask(), { reading: { temperatureCc: -350, isSimulated: true } });
});

test('F-42 each failure has its name, and none invents a temperature', async () => {
  const cases: [status: number, body: unknown, failure: string, headers?: Record<string, string>][] = [
    [401, { cod: 401, message: 'Invalid API key.' }, 'WRONG_KEY'],
    [404, { cod: '404', message: 'city not found' }, 'UNKNOWN_CITY'],
    [500, { cod: 500 }, 'SERVER_ERROR'],
    [200, withMain({ humidity: 4 }), 'BAD_ANSWER'],
    [200, withMain({ temp: 'NaN' }), 'BAD_ANSWER'],
    [200, withMain({ temp: null }), 'BAD_ANSWER'],
    [200, '{"main":{"temp":NaN}}', 'BAD_ANSWER'],
    [200, '{"main":{"temp":1e999}}', 'BAD_ANSWER'],
    [200, withMain({ temp: 293.15 }), 'BAD_ANSWER'],
    [200, '<html><body>Log in to the hotel</body></html>', 'BAD_ANSWER', { 'content-type': 'text/html' }],
    [200, '{"main":', 'BAD_ANSWER'],
    [200, { ...REAL, padding: 'x'.repeat(200_000) }, 'BAD_ANSWER'],
    [302, '', 'BAD_ANSWER', { location: 'http://elsewhere.example/' }],
  ];
  for (const [status, body, failure, headers] of cases) {
    answerWith(status, body, headers);
    assert.deepEqual(await ask(), { failure }, `${status} ${JSON.stringify(body).slice(0, 60)}`);
  }
  answerWith(429, { cod: 429 }, { 'retry-after': '90' });
  assert.deepEqual(await ask(), { failure: 'QUOTA', retryAfterMs: 90_000 });
  assert.deepEqual(await ask(''), { failure: 'NO_KEY' });
});

test('F-42 silence, an answer that drips for ever and a closed port end in seconds', async () => {
  respond = () => undefined;
  const startedAtMs = performance.now();
  assert.deepEqual(await ask(), { failure: 'TIME_OUT' });
  respond = (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const drip = setInterval(() => response.write(' '), 200);
    response.on('close', () => clearInterval(drip));
  };
  assert.deepEqual(await ask(), { failure: 'TIME_OUT' });
  assert.ok(performance.now() - startedAtMs < 20_000, 'the second would never end');
  const nobody = createOpenWeather({ url: 'http://127.0.0.1:9' });
  assert.deepEqual(await nobody.ask(ALICANTE, KEY), { failure: 'UNREACHABLE' });
});

test('F-50 HTTPS to OpenWeather is verified: a server with a certificate of another authority gets no key', async () => {
  const ca = await openAuthority(await createAuthorityMaterial('somebody', Date.now()));
  const issued = await ca.issueLeaf({ subject: 'api', ipAddresses: ['127.0.0.1'] }, Date.now());
  const { certificatePem: cert, privateKeyPem: key } = issued;
  const seen: string[] = [];
  const impostor = createTlsServer({ cert, key }, (request, response) => {
    seen.push(request.url ?? '');
    response.end(JSON.stringify(REAL));
  });
  try {
    const address = (await listening(impostor as unknown as Server)).replace('http:', 'https:');
    assert.deepEqual(await createOpenWeather({ url: address }).ask(ALICANTE, KEY), { failure: 'UNREACHABLE' });
    assert.deepEqual(seen, [], 'no request was sent');
  } finally {
    impostor.close();
  }
});
