import Anthropic from '@anthropic-ai/sdk'

const question = 'Why is the sky blue? 空はなぜ青い？'
const request = { model: 'plain', max_tokens: 1000, system: 'Be brief.', messages: [{ role: 'user', content: question }] }
// Events after which the silent model falls silent: two that open, three with words
const sent = 5
const tools = [{ name: 'weather', description: 'Weather of a city', input_schema: { type: 'object', properties: { city: { type: 'string' } } } }]

export const connect = baseURL => new Anthropic({ baseURL, apiKey: 'ollama', maxRetries: 0 })

const create = options => client => client.messages.create({ ...request, ...options })
const stream = options => async (client, drain) => drain(await client.messages.create({ ...request, stream: true, ...options }))

export const calls = {
  messages: create(),
  'messages, thinking': create({ model: 'thinker' }),
  'messages, tools': create({ model: 'tools', tools }),
  'messages, cut': create({ max_tokens: 3 }),
  'messages stream': stream(),
  'messages stream, thinking': stream({ model: 'thinker' }),
  'messages stream, tools': stream({ model: 'tools', tools }),
  'messages stream, tools at the end': stream({ model: 'tools-late', tools }),
  'messages stream, characters split': stream({ model: 'split' }),
  'messages stream, a line of a megabyte': stream({ model: 'wide' }),
  'messages.stream': client => client.messages.stream(request).finalMessage(),
  'messages.countTokens': client => client.messages.countTokens({ model: 'plain', messages: request.messages }),
  'models.list': async client => (await client.models.list()).data,
  'an unknown model': create({ model: 'nobody' }),
  'a busy server': stream({ model: 'busy' }),
  'a failure in a stream': stream({ model: 'failing' }),
  'a stream reset': stream({ model: 'reset' }),
  'a stream that ends in the middle': stream({ model: 'fin' }),
  abort: async (client, drain) => {
    const controller = new AbortController()
    const reply = await client.messages.create({ ...request, model: 'silent', stream: true }, { signal: controller.signal })
    return drain(reply, pieces => pieces === sent && controller.abort())
  },
}
