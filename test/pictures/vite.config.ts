import { defineConfig } from 'vite';

export default defineConfig({
  esbuild: { jsx: 'automatic' },
  define: { global: 'globalThis', 'process.env': {}, 'process.env.NODE_ENV': '"production"' },
  build: {
    chunkSizeWarningLimit: 20_000,
    minify: false,
    reportCompressedSize: false,
    // Marks of server components and of purity in what is bundled: nothing to do here.
    rollupOptions: {
      onwarn: (warning, warn) => {
        if (warning.code !== 'MODULE_LEVEL_DIRECTIVE' && warning.code !== 'INVALID_ANNOTATION') warn(warning);
      },
    },
  },
  logLevel: 'warn',
});
