import { connect, createServer } from 'node:net';

/** A computer's published ports: `forward.ts PORT=HOST:PORT ...` passes each connection on, as an engine's proxy does. */
for (const rule of process.argv.slice(2)) {
  const [outside = '', inside = ''] = rule.split('=');
  const [host = '', port = ''] = inside.split(':');
  createServer((from) => {
    const to = connect({ host, port: Number(port) });
    from.pipe(to).pipe(from);
    from.on('error', () => to.destroy());
    to.on('error', () => from.destroy());
  }).listen({ host: '0.0.0.0', port: Number(outside) });
}
