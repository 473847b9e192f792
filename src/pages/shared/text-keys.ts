/** A tree of texts: one per language and app. */
export type TextTree = { readonly [key: string]: string | TextTree };

/** The same tree for another language: equal keys, other words. */
export type SameKeys<Tree> = { readonly [Key in keyof Tree]: Tree[Key] extends string ? string : SameKeys<Tree[Key]> };

type Leaves<Tree, Prefix extends string = ''> = {
  [Key in keyof Tree & string]: Tree[Key] extends string ? `${Prefix}${Key}` : Leaves<Tree[Key], `${Prefix}${Key}.`>;
}[keyof Tree & string];

type WithoutPlural<Key> = Key extends `${infer Base}_one` | `${infer Base}_other` ? Base : Key;

/** Every key of a tree, dotted; `x_one` and `x_other` are both asked for as `x` with a `count`. */
export type TextKey<Tree> = WithoutPlural<Leaves<Tree>>;

export type TextParams = Record<string, string | number>;
/** Looks a text up in the language of the moment. */
export type Translate<Key extends string> = (key: Key, params?: TextParams) => string;
