import { describeLostAnswers } from '../support/uncertain-life.js'

describeLostAnswers('KEY_AND_DIGEST')
