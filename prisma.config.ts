import { defineConfig } from 'prisma/config'

/**
 * Used by `prisma generate` alone: migrations are applied by src/platform/migrations.ts, without Prisma's command line.
 * Whoever does use that command line (`npx prisma migrate deploy`, `npx prisma studio`) sets DATABASE_URL.
 */
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://unused@127.0.0.1:5432/unused' },
})
