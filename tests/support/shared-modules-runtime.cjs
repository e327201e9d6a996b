/**
 * Jest's runtime, in which the modules of the product and of its libraries are evaluated once in a worker and not once in
 * a test file: evaluating them anew (GraphQL schema, Prisma, SOAP contracts) cost each file more than most of them test.
 * Test files and tests/support are evaluated for each file, as always.
 *
 * What that asks of the product: a module keeps no state that one caller could leave to another, which a long-lived
 * process asks of it anyway. What belongs to a test (database, context, servers) is made by that test file.
 *
 * Jest offers a runtime of one's own as an option, but no seam for this: the method replaced below is its own business.
 * When a new version of Jest no longer has it, the constructor says so, and without the option `runtime` all runs as before.
 */
const { join, sep } = require('node:path')
const { default: JestRuntime } = require('jest-runtime')

/**
 * By Jest's resolver, which lives as long as the files that it has seen stay as they are: one for a worker's whole life,
 * and in watch mode a new one after each change.
 */
const libraries = new WeakMap()

/** A runtime that no test file ends, and what it has loaded. */
class Library {
  constructor(runtime) {
    this.runtime = runtime
    this.evaluated = new Map()
    this.queue = Promise.resolve()
  }

  /** One after another: two that link the same module at one time would wait for each other. */
  load(path, from, context) {
    const known = this.evaluated.get(path)
    if (known) return known
    const { esmLoader } = this.runtime
    const loaded = this.queue.then(async () => esmLoader.linkAndEvaluateModule(await esmLoader.resolveModule(path, from, context)))
    this.evaluated.set(path, loaded)
    this.queue = loaded.catch(() => undefined)
    return loaded
  }
}

class SharedModulesRuntime extends JestRuntime {
  constructor(config, environment, resolver, transformer, cacheFS, coverage, testPath, globalConfig) {
    super(config, environment, resolver, transformer, cacheFS, coverage, testPath, globalConfig)
    const { esmLoader, transformCache, requireBuilder } = this
    if (typeof esmLoader?.resolveModule !== 'function' || !transformCache?.sourceMaps || !requireBuilder?.registries?.getRequireCacheProxy)
      throw new Error(
        'jest-runtime has changed inside: mend tests/support/shared-modules-runtime.cjs or take "runtime" out of the settings of jest',
      )
    let library = libraries.get(resolver)
    if (!library) {
      const lasting = new JestRuntime(config, environment.realm, resolver, transformer, new Map(), coverage, testPath, globalConfig)
      // Fastify looks every plugin without a name of its own up in all that has been loaded, at each start of a server: behind Jest's proxy that took longer than the start.
      lasting.requireBuilder.registries.getRequireCacheProxy = () => ({})
      library = new Library(lasting)
      libraries.set(resolver, library)
    }
    // Stack traces lead to the lines of both.
    transformCache.sourceMaps = library.runtime.getSourceMaps()
    const tests = join(config.rootDir, 'tests') + sep
    const resolveOwn = esmLoader.resolveModule.bind(esmLoader)
    esmLoader.resolveModule = async (specifier, from, context) => {
      if (specifier === '@jest/globals' || this._resolution.isCoreModule(specifier)) return resolveOwn(specifier, from, context)
      const path = await this._resolution.resolveEsmAsync(from, specifier)
      return path.startsWith(tests) ? resolveOwn(specifier, from, context) : library.load(path, from, context)
    }
  }
}

module.exports = { default: SharedModulesRuntime, __esModule: true }
