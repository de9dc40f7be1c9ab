/** Builds the client into client/dist; in development serves it and passes what belongs to the server on to it. */
import { defineConfig, type Plugin } from 'vite';

const server = process.env.COMMONPLAN_SERVER ?? 'http://localhost:3000';

/** The page is drawn only once the script has run, so that nobody who chose dark is dazzled first. Vite drops the attribute from the page. */
const renderBlocking: Plugin = {
  name: 'render-blocking',
  transformIndexHtml: {
    order: 'post',
    handler: (html) =>
      html.replace('<script type="module" crossorigin', '<script type="module" blocking="render" crossorigin'),
  },
};

export default defineConfig({
  root: import.meta.dirname,
  plugins: [renderBlocking],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    sourcemap: true,
    // For the chunk that zod is in, whichever that is: it tries `eval` when the first schema is made, long before validation.ts is run.
    rolldownOptions: { output: { banner: 'globalThis.__zod_globalConfig ??= { jitless: true };' } },
    // The editor, fetched when the first plan is opened.
    chunkSizeWarningLimit: 700,
  },
  server: {
    proxy: {
      '/api': { target: server },
      '/sync': { target: server, ws: true },
    },
  },
});
