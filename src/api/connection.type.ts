import { Max, Min } from 'class-validator'
import { ArgsType, Field, Int, ObjectType } from 'type-graphql'
import type { KeysetOrder, Page, TotalCount } from '../platform/keyset.js'
import { encodeCursor } from '../platform/keyset.js'

@ObjectType({ simpleResolvers: true, description: 'Thông tin trang - where a page stands in its list' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Còn trang sau' })
  hasNextPage!: boolean

  @Field(() => Boolean, { description: 'Có trang trước: the page was asked for after a cursor' })
  hasPreviousPage!: boolean

  @Field(() => String, { nullable: true, description: 'Con trỏ đầu trang' })
  startCursor!: string | null

  @Field(() => String, { nullable: true, description: 'Con trỏ cuối trang: give it as `after` for the next page' })
  endCursor!: string | null
}

@ArgsType()
export class PageArgs {
  @Field(() => Int, { defaultValue: 20, description: 'Số dòng một trang, 1..100' })
  @Min(1, { message: 'Số dòng một trang phải từ 1 đến 100.' })
  @Max(100, { message: 'Số dòng một trang phải từ 1 đến 100.' })
  first!: number

  @Field(() => String, { nullable: true, description: 'Con trỏ: rows after this one' })
  after?: string | null
}

export interface Connection<Node> {
  readonly edges: readonly { readonly cursor: string; readonly node: Node }[]
  readonly pageInfo: PageInfo
  /** Functions: counted only when they are asked for, once for both. */
  readonly totalCount: () => Promise<number>
  readonly totalCountIsExact: () => Promise<boolean>
}

interface Listing<Row, Node> {
  readonly page: Page<Row>
  readonly order: KeysetOrder
  readonly at: (row: Row) => Date
  readonly after: string | null | undefined
  readonly node: (row: Row) => Node
  readonly count: () => Promise<TotalCount>
}

export const connectionOf = <Row extends { readonly id: string }, Node>(listing: Listing<Row, Node>): Connection<Node> => {
  const edges = listing.page.rows.map((row) => ({ cursor: encodeCursor(listing.order, listing.at(row), row.id), node: listing.node(row) }))
  let counted: Promise<TotalCount> | undefined
  const count = (): Promise<TotalCount> => {
    counted ??= listing.count()
    return counted
  }
  return {
    edges,
    pageInfo: {
      hasNextPage: listing.page.hasNextPage,
      hasPreviousPage: listing.after != null,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: async () => (await count()).count,
    totalCountIsExact: async () => (await count()).exact,
  }
}
