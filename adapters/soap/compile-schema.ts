import { type AttributeType, builtInType, type ComplexType, type ElementType, type ScalarType, XSD } from './schema-type.js'
import { attributeOf, childOf, childrenOf, resolveQName, type XmlNode } from './xml-tree.js'

/** A schema of the WSDL beyond what is supported, or not resolvable: a start-up error. */
class SchemaUnsupported extends Error {}

/**
 * Compiles `xs:schema` elements into {@link ElementType}s. Known: sequences, choices, `all`, groups, references, named and anonymous types,
 * extension and restriction, simple content, attributes and attribute groups. `xs:any` is read over. `xsi:type` is not looked at.
 */
export function compileSchemas(schemas: readonly XmlNode[]): (uri: string, local: string) => ElementType | undefined {
  return new SchemaCompiler(schemas).globalElement
}

interface Place {
  readonly required: boolean
  readonly many: boolean
  readonly most?: number
}

class SchemaCompiler {
  private readonly complexTypes = new Map<XmlNode, ComplexType>()
  private readonly globals = new Map<string, XmlNode>()

  constructor(schemas: readonly XmlNode[]) {
    for (const schema of schemas) {
      const target = attributeOf(schema, 'targetNamespace') ?? ''
      for (const node of schema.children) {
        const name = attributeOf(node, 'name')
        if (node.uri === XSD && name !== undefined) this.globals.set(keyOf(node.local, target, name), node)
      }
    }
  }

  readonly globalElement = (uri: string, local: string): ElementType | undefined => {
    const node = this.globals.get(keyOf('element', uri, local))
    return node && this.element(node, { required: true, many: false })
  }

  private element(node: XmlNode, place: Place): ElementType {
    const occurs = placed(node, place)
    const reference = attributeOf(node, 'ref')
    if (reference !== undefined) {
      const declared = this.find('element', node, reference)
      return { ...this.element(declared, occurs), ...occurs }
    }
    const name = attributeOf(node, 'name')
    if (name === undefined) throw new SchemaUnsupported('an xs:element has neither name nor ref')
    return {
      name,
      uri: namespaceOf(node),
      ...occurs,
      nillable: attributeOf(node, 'nillable') === 'true' || attributeOf(node, 'nillable') === '1',
      type: this.typeOf(node, name),
    }
  }

  private typeOf(node: XmlNode, name: string): ScalarType | ComplexType {
    const complex = childOf(node, 'complexType', XSD)
    if (complex) return this.complex(complex)
    const simple = childOf(node, 'simpleType', XSD)
    if (simple) return this.simple(simple)
    const named = attributeOf(node, 'type')
    return named === undefined ? builtInType('anyType') : this.named(node, named, name)
  }

  private named(scope: XmlNode, qname: string, name: string): ScalarType | ComplexType {
    const { uri, local } = resolveQName(scope, qname)
    if (uri === XSD) return builtInType(local)
    const complex = this.globals.get(keyOf('complexType', uri, local))
    if (complex) return this.complex(complex)
    const simple = this.globals.get(keyOf('simpleType', uri, local))
    if (simple) return this.simple(simple)
    throw new SchemaUnsupported(`the type ${qname} of ${name} is not declared`)
  }

  private simple(node: XmlNode): ScalarType {
    const restriction = childOf(node, 'restriction', XSD)
    if (!restriction) return builtInType('string')
    return this.restricted(restriction)
  }

  private restricted(restriction: XmlNode): ScalarType {
    const base = attributeOf(restriction, 'base')
    const inner = childOf(restriction, 'simpleType', XSD)
    const from = inner ? this.simple(inner) : base === undefined ? builtInType('string') : this.named(restriction, base, base)
    if (from.kind !== 'SCALAR') throw new SchemaUnsupported('a simple type restricts a complex one')
    const values = childrenOf(restriction, 'enumeration', XSD).map((facet) => attributeOf(facet, 'value') ?? '')
    const longest = childOf(restriction, 'maxLength', XSD)
    return {
      ...from,
      ...(values.length > 0 && { enumeration: values }),
      ...(longest && { maxLength: Number(attributeOf(longest, 'value')) }),
    }
  }

  private complex(node: XmlNode): ComplexType {
    const known = this.complexTypes.get(node)
    if (known) return known
    const type: ComplexType = { kind: 'COMPLEX', elements: [], byName: new Map(), attributes: [], choices: [], text: undefined }
    this.complexTypes.set(node, type)
    this.content(node, type)
    for (const element of type.elements) {
      if (type.byName.has(element.name)) throw new SchemaUnsupported(`${element.name} is declared twice in one type`)
      type.byName.set(element.name, element)
    }
    return type
  }

  private content(node: XmlNode, into: ComplexType): void {
    const derived = childOf(node, 'complexContent', XSD) ?? childOf(node, 'simpleContent', XSD)
    const derivation = derived && (childOf(derived, 'extension', XSD) ?? childOf(derived, 'restriction', XSD))
    if (!derivation) {
      this.particles(node, into, { required: true, many: false })
      return
    }
    const base = attributeOf(derivation, 'base') ?? 'anyType'
    if (derived.local === 'complexContent') {
      // A restriction says its whole content again; an extension adds to its base's.
      if (derivation.local === 'extension') this.inherit(derivation, base, into)
    } else {
      this.textOf(derivation, base, into)
    }
    this.particles(derivation, into, { required: true, many: false })
  }

  private inherit(scope: XmlNode, qname: string, into: ComplexType): void {
    const { uri, local } = resolveQName(scope, qname)
    const base = this.globals.get(keyOf('complexType', uri, local))
    if (base) this.content(base, into)
    else if (uri !== XSD) throw new SchemaUnsupported(`the base type ${qname} is not declared`)
  }

  private textOf(derivation: XmlNode, base: string, into: ComplexType): void {
    const from = this.named(derivation, base, base)
    into.text = from.kind === 'SCALAR' ? from : from.text
    if (from.kind === 'COMPLEX') into.attributes.push(...from.attributes)
  }

  private particles(node: XmlNode, into: ComplexType, place: Place): void {
    for (const child of node.children) if (child.uri === XSD) this.particle(child, into, place)
  }

  private particle(node: XmlNode, into: ComplexType, place: Place): void {
    if (node.local === 'element') into.elements.push(this.element(node, place))
    else if (node.local === 'sequence' || node.local === 'all') this.particles(node, into, placed(node, place))
    else if (node.local === 'choice') this.choice(node, into, placed(node, place))
    else if (node.local === 'group') this.particles(this.referred('group', node), into, placed(node, place))
    else if (node.local === 'attributeGroup') this.particles(this.referred('attributeGroup', node), into, place)
    else if (node.local === 'attribute') this.attribute(node, into.attributes)
  }

  /** Of a choice that is repeated all branches may be there. Only where each branch is an element that is not optional is it sure that one has to be. */
  private choice(node: XmlNode, into: ComplexType, place: Place): void {
    const branches = node.children.filter(({ uri, local }) => uri === XSD && local !== 'annotation')
    const names = branches.map((branch) => {
      const before = into.elements.length
      this.particle(branch, into, { ...place, required: false })
      return into.elements.slice(before).map(({ name }) => name)
    })
    const mayBeEmpty = branches.some((branch) => branch.local !== 'element' || attributeOf(branch, 'minOccurs') === '0')
    if (!place.many) into.choices.push({ required: place.required && !mayBeEmpty, branches: names })
  }

  private attribute(node: XmlNode, into: AttributeType[]): void {
    const name = attributeOf(node, 'name')
    if (name === undefined || attributeOf(node, 'use') === 'prohibited') return
    const type = this.typeOf(node, name)
    if (type.kind !== 'SCALAR') throw new SchemaUnsupported(`the attribute ${name} is of a complex type`)
    into.push({ name, type, required: attributeOf(node, 'use') === 'required' })
  }

  private referred(kind: string, node: XmlNode): XmlNode {
    return this.find(kind, node, attributeOf(node, 'ref') ?? '')
  }

  private find(kind: string, scope: XmlNode, qname: string): XmlNode {
    const { uri, local } = resolveQName(scope, qname)
    const found = this.globals.get(keyOf(kind, uri, local))
    if (!found) throw new SchemaUnsupported(`xs:${kind} ${qname} is not declared`)
    return found
  }
}

function keyOf(kind: string, uri: string, local: string): string {
  return `${kind} {${uri}}${local}`
}

/** An element that is repeated or optional by its surroundings is so itself. */
function placed(node: XmlNode, around: Place): Place {
  const told = attributeOf(node, 'maxOccurs') ?? '1'
  const most =
    (around.most ?? (around.many ? Number.POSITIVE_INFINITY : 1)) * (told === 'unbounded' ? Number.POSITIVE_INFINITY : Number(told))
  return {
    required: around.required && attributeOf(node, 'minOccurs') !== '0',
    many: most > 1,
    ...(most > 1 && Number.isFinite(most) && { most }),
  }
}

/** Global elements are always qualified, local ones by `form` or the schema's `elementFormDefault`. */
function namespaceOf(element: XmlNode): string {
  let schema = element
  while (schema.local !== 'schema' && schema.parent) schema = schema.parent
  const qualified = element.parent === schema || (attributeOf(element, 'form') ?? attributeOf(schema, 'elementFormDefault')) === 'qualified'
  return qualified ? (attributeOf(schema, 'targetNamespace') ?? '') : ''
}
