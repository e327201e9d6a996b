import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { parseSync } from '@swc/core'
import { projectRoot } from '../../src/platform/paths.js'

/** One import of a source file. Paths are relative to the project, with `/`. */
export interface Import {
  readonly from: string
  /** The imported source file, or null when it is a package. */
  readonly file: string | null
  /** The package's name, or null when it is a file. */
  readonly packageName: string | null
  /** True when nothing of it is there at run time, so that it cannot make a cycle. */
  readonly typeOnly: boolean
  /** True for `import(…)`: it loads later, so that it cannot make a cycle either. */
  readonly dynamic: boolean
}

interface Found {
  specifier: string
  typeOnly: boolean
  dynamic: boolean
}

interface Specifier {
  isTypeOnly?: boolean
}

/** Every source file below the folder, tests and generated code left out. */
export function listSources(folder: string, ignored: readonly string[]): string[] {
  if (ignored.includes(folder)) return []
  return readdirSync(join(projectRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return listSources(path, ignored)
    return /\.tsx?$/.test(entry.name) ? [path] : []
  })
}

function isTypeOnly(node: { typeOnly?: boolean; specifiers?: Specifier[] }): boolean {
  const specifiers = node.specifiers ?? []
  return node.typeOnly === true || (specifiers.length > 0 && specifiers.every((specifier) => specifier.isTypeOnly === true))
}

/** Collects imports and re-exports wherever they stand, `import('…')` inside functions and types included. */
function collect(node: unknown, found: Found[]): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, found)
    return
  }
  if (typeof node !== 'object' || node === null) return
  const { type, source, callee, argument } = node as Record<string, unknown>
  const literal = (value: unknown): string | undefined => (value as { value?: string } | null | undefined)?.value
  const specifier = literal(source)
  if (specifier !== undefined && /^(Import|ExportNamed|ExportAll)Declaration$/.test(String(type))) {
    found.push({ specifier, typeOnly: isTypeOnly(node), dynamic: false })
  }
  if (type === 'CallExpression' && (callee as { type?: string }).type === 'Import') {
    const [first] = (node as { arguments: { expression: unknown }[] }).arguments
    const dynamicSpecifier = literal(first?.expression)
    if (dynamicSpecifier !== undefined) found.push({ specifier: dynamicSpecifier, typeOnly: false, dynamic: true })
  }
  const typeSpecifier = type === 'TsImportType' ? literal(argument) : undefined
  if (typeSpecifier !== undefined) found.push({ specifier: typeSpecifier, typeOnly: true, dynamic: false })
  for (const value of Object.values(node)) collect(value, found)
}

function packageNameOf(specifier: string): string {
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] ?? specifier)
}

export function readSource(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8')
}

/** The imports of one source file, or of `text` in its place. */
export function readImports(path: string, text: string = readSource(path)): Import[] {
  const found: Found[] = []
  collect(parseSync(text, { syntax: 'typescript', tsx: path.endsWith('.tsx'), decorators: true }), found)
  return found.map(({ specifier, typeOnly, dynamic }) => {
    const isFile = specifier.startsWith('.')
    const file = isFile ? posix.join(dirname(path), specifier).replace(/\.js$/, '.ts') : null
    return { from: path, file, packageName: isFile ? null : packageNameOf(specifier), typeOnly, dynamic }
  })
}

/** The first ring of files that import each other at load time, or null. */
export function findCycle(imports: readonly Import[]): string[] | null {
  const next = new Map<string, string[]>()
  for (const { from, file, typeOnly, dynamic } of imports) {
    if (file !== null && !typeOnly && !dynamic) next.set(from, [...(next.get(from) ?? []), file])
  }
  const finished = new Set<string>()
  const visit = (file: string, trail: string[]): string[] | null => {
    if (trail.includes(file)) return [...trail.slice(trail.indexOf(file)), file]
    if (finished.has(file)) return null
    for (const target of next.get(file) ?? []) {
      const cycle = visit(target, [...trail, file])
      if (cycle !== null) return cycle
    }
    finished.add(file)
    return null
  }
  for (const file of next.keys()) {
    const cycle = visit(file, [])
    if (cycle !== null) return cycle
  }
  return null
}
