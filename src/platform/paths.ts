import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The nearest folder above this file with a package.json: the same one from src/ (tests) and from dist/src/ (programs). */
function findProjectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder)
    if (parent === folder) throw new Error('no package.json above the platform folder')
    folder = parent
  }
  return folder
}

/** The checkout's folder, absolute. */
export const projectRoot = findProjectRoot()
export const prismaDir = join(projectRoot, 'prisma')
export const prismaSchemaFile = join(prismaDir, 'schema.prisma')
export const migrationsDir = join(prismaDir, 'migrations')
/** The emitted public GraphQL schema, as it is committed. */
export const publishedSchemaFile = join(projectRoot, 'schema', 'gateway.graphql')
/** The web console as Vite built it (`src/bootstrap/console.mjs`). */
export const consoleDir = join(projectRoot, 'dist', 'console')
