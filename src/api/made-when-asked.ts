type MakersOf<From> = Readonly<Record<string, (from: From) => unknown>>

export type Made<Makers extends MakersOf<never>> = { readonly [Name in keyof Makers]: ReturnType<Makers[Name]> }

/**
 * Objects of which each property is made when it is first asked for, and then stays. For what every request could need and few do: an object of forty
 * things that are made at once costs a small answer more than the answer.
 */
export const madeWhenAsked = <From, Makers extends MakersOf<From>>(makers: Makers): ((from: From) => Made<Makers>) => {
  class Asked {
    constructor(readonly from: From) {}
  }
  for (const [name, make] of Object.entries(makers))
    Object.defineProperty(Asked.prototype, name, {
      get(this: Asked) {
        const value = make(this.from)
        Object.defineProperty(this, name, { value })
        return value
      },
    })
  return (from) => new Asked(from) as unknown as Made<Makers>
}
