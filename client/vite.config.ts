/** Builds the client into client/dist; in development serves it and passes what belongs to the server on to it. */
import { defineConfig } from 'vite';

const server = process.env.COMMONPLAN_SERVER ?? 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  build: { outDir: 'dist', emptyOutDir: true, sourcemap: true },
  server: {
    proxy: {
      '/api': { target: server },
      '/sync': { target: server, ws: true },
    },
  },
});
