import { fileURLToPath } from 'node:url'
import { loadContract, type SoapContract } from '../../../adapters/soap/contract.js'

export const REGISTRY_NS = 'urn:test:registry'
export const TYPES_NS = 'urn:test:types'

export function wsdlPath(name: string): string {
  return fileURLToPath(new URL(`./wsdl/${name}`, import.meta.url))
}

export function sampleContract(port: 'Soap11' | 'Soap12' = 'Soap11'): Promise<SoapContract> {
  return loadContract({ wsdlPath: wsdlPath('sample.wsdl'), service: 'Registry', port })
}

/** A request with all that the contract insists on. */
export const REQUEST = { Code: '000.00.01.H20-260315-0001', Applicant: { FullName: 'Nguyễn Văn A' }, Phone: '0900000000' }
