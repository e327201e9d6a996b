import { z } from 'zod'
import { ROLES } from '../access/caller.js'
import { OWN_CLAIMS } from '../access/read-claims.js'
import { rule } from './rule.js'

/** Đăng nhập: where people sign in to the console, and where the tokens say who they are. Keys and issuer of the tokens stand in the environment (`JWT_…`). */

const key = z.string().min(1).max(200)
const CLAIM = rule(
  'phải là đường dẫn như realm_access.roles, hoặc danh sách khóa như ["https://vi-du.vn/vai-tro"] khi tên có dấu chấm',
  'must be a path like realm_access.roles, or a list of keys like ["https://example.vn/role"] when a name has dots',
)

/** A text is a path with dots between its keys; a list holds keys that may have dots themselves, as those of ADFS do. */
const claim = (own: readonly string[]) =>
  z
    .union([z.string().transform((path) => path.split('.')), z.array(z.string())], CLAIM)
    .pipe(z.array(key, CLAIM).min(1, CLAIM).max(8, CLAIM))
    .default([...own])

const isThisMachine = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\./.test(host)

const hasNoMore = ({ username, password, search, hash }: URL): boolean => `${username}${password}${search}${hash}` === ''

const issuer = z
  .url({
    protocol: /^https?$/,
    error: rule(
      'phải là địa chỉ https của hệ thống đăng nhập, ví dụ https://dang-nhap.vi-du.vn/realms/tinh',
      'must be the https address of the identity provider, such as https://login.example.vn/realms/province',
    ),
  })
  .refine(
    (text) => hasNoMore(new URL(text)),
    rule('chỉ gồm tên miền và đường dẫn, không có tài khoản, "?" hay "#"', 'must be domain and path alone, without account, "?" or "#"'),
  )
  .refine(
    (text) => text.startsWith('https:') || isThisMachine(new URL(text).hostname),
    rule('phải là https: mã đăng nhập không được đi trên đường không mã hóa', 'must be https: tokens do not travel unencrypted'),
  )

const signIn = z.strictObject({
  /** As the provider names itself in its discovery document and in its tokens (`iss`), to the letter: JWT_ISSUER is the same. */
  issuer,
  /** Of a public client (Authorization Code, PKCE): there is no secret. */
  clientId: z.string().min(1).max(200),
  scopes: z
    .array(
      z
        .string()
        .regex(
          /^[\x21\x23-\x5B\x5D-\x7E]+$/,
          rule('phải là tên phạm vi, không có khoảng trắng', 'must be the name of a scope, without spaces'),
        ),
    )
    .max(20)
    .default(['openid', 'profile'])
    .refine((scopes) => scopes.includes('openid'), rule('phải có "openid"', 'must hold "openid"')),
  /** What the token is for (RFC 8707), where the provider must be told to make it for this gateway. */
  resource: z
    .string()
    .refine(
      (text) => URL.canParse(text) && !text.includes('#'),
      rule('phải là một URI đầy đủ, không có "#"', 'must be a whole URI without "#"'),
    )
    .optional(),
  /** What people call it; stands on the button. */
  name: z.string().min(2).max(80).optional(),
})

export const authConfiguration = z
  .strictObject({
    claims: z
      .strictObject({
        /** Stands in the audit: a name that people know, if the provider never gives it to another person. */
        subject: claim(OWN_CLAIMS.subject),
        name: claim(OWN_CLAIMS.name),
        role: claim(OWN_CLAIMS.role),
        communes: claim(OWN_CLAIMS.communes),
        /** `{ "lien-thong-van-hanh": "OPERATOR" }`: the provider's names of our roles, beside our own. */
        roleNames: z.record(key, z.enum(ROLES)).default({}),
      })
      .prefault({}),
    /** Absent: one pastes a token. */
    signIn: signIn.optional(),
  })
  .prefault({})
