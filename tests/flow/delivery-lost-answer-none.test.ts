import { describeLostAnswers } from '../support/uncertain-life.js'

describeLostAnswers('NONE')
