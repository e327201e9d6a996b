import { TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'

/** A citizen at the counter has a receipt: its code leads to the dossier from every page. */
export const FindDossier = () => {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const [code, setCode] = useState('')
  const go = (event: FormEvent): void => {
    event.preventDefault()
    const wanted = code.trim()
    if (wanted === '') return
    setCode('')
    void navigate(`/dossiers/${encodeURIComponent(wanted)}`)
  }
  return (
    <search>
      <form onSubmit={go}>
        <TextInput
          size="xs"
          w={{ base: 112, sm: 220 }}
          value={code}
          onChange={({ currentTarget }) => setCode(currentTarget.value)}
          placeholder={t('app.findDossierShort')}
          aria-label={t('app.findDossier')}
          maxLength={64}
        />
      </form>
    </search>
  )
}
