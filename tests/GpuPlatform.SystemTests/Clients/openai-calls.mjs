import OpenAI from 'openai'

const question = 'Why is the sky blue? 空はなぜ青い？'
const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: question }]
const parameters = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false }
const tools = [{ type: 'function', function: { name: 'weather', description: 'Weather of a city', parameters } }]

// Once is enough: a retry would only ask the same again
export const connect = base => new OpenAI({ baseURL: `${base}/v1`, apiKey: 'ollama', maxRetries: 0 })

const chat = options => client => client.chat.completions.create({ model: 'plain', messages, ...options })
const chatStream = options => async (client, drain) => drain(await client.chat.completions.create({ model: 'plain', messages, stream: true, ...options }))
const usage = { stream_options: { include_usage: true } }
const text = options => client => client.completions.create({ model: 'plain', prompt: question, ...options })
const textStream = options => async (client, drain) => drain(await client.completions.create({ model: 'plain', prompt: question, stream: true, ...options }))
const respond = options => client => client.responses.create({ model: 'plain', input: question, ...options })
const respondStream = options => async (client, drain) => drain(await client.responses.create({ model: 'plain', input: question, stream: true, ...options }))

// Aborts once all came that the silent model sends: three pieces, and what opens them
async function abortAfter(pieces, start, drain) {
  const controller = new AbortController()
  return drain(await start({ signal: controller.signal }), count => count === pieces && controller.abort())
}

export const calls = {
  'models.list': async client => (await client.models.list()).data,
  'models.retrieve': client => client.models.retrieve('plain'),
  'models.retrieve of an unknown one': client => client.models.retrieve('nobody'),
  'models.delete': client => client.models.delete('plain'),

  'chat.completions': chat(),
  'chat.completions with headers': async client => {
    const { data, response } = await client.chat.completions.create({ model: 'plain', messages }).withResponse()
    return { data, status: response.status, type: response.headers.get('content-type'), names: [...response.headers.keys()].filter(name => !['date', 'connection', 'keep-alive'].includes(name)).sort() }
  },
  'chat.completions, thinking': chat({ model: 'thinker', reasoning_effort: 'high' }),
  'chat.completions, tools': chat({ model: 'tools', tools }),
  'chat.completions, cut': chat({ max_tokens: 3 }),
  'chat.completions, cached prompt': chat({ model: 'cached' }),
  'chat.completions of an image': chat({ messages: [{ role: 'user', content: [{ type: 'text', text: question }, { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } }] }] }),
  'chat.completions stream': chatStream(),
  'chat.completions stream with usage': chatStream(usage),
  'chat.completions stream without usage': chatStream({ stream_options: { include_usage: false } }),
  'chat.completions stream, thinking': chatStream({ model: 'thinker' }),
  'chat.completions stream, tools': chatStream({ model: 'tools', tools }),
  'chat.completions stream, tools at the end': chatStream({ model: 'tools-late', tools, ...usage }),
  'chat.completions stream, characters split': chatStream({ model: 'split' }),
  'chat.completions stream, a line of a megabyte': chatStream({ model: 'wide' }),
  'chat.completions stream, at a pace': chatStream({ model: 'paced' }),
  'chat.completions stream, elsewhere': chatStream({ model: 'far-cloud' }),
  'chat.completions.stream': async client => (await client.chat.completions.stream({ model: 'plain', messages }).finalChatCompletion()),
  'chat.completions.stream, total usage': async client => {
    const stream = client.chat.completions.stream({ model: 'plain', messages, ...usage })
    await stream.done()
    return stream.totalUsage()
  },
  'chat.completions.parse': client => client.chat.completions.parse({ model: 'plain', messages }),
  'chat.completions.runTools': async client => {
    const calls = []
    const run = { type: 'function', function: { name: 'weather', parameters, parse: JSON.parse, function: place => { calls.push(place); return 'sunny' } } }
    const runner = client.chat.completions.runTools({ model: 'tools', messages, tools: [run], stream: true }, { maxChatCompletions: 2 })
    await runner.done()
    return { calls, messages: runner.messages }
  },

  completions: text(),
  'completions, cut': text({ max_tokens: 3 }),
  'completions stream': textStream(),
  'completions stream with usage': textStream(usage),
  'completions stream, characters split': textStream({ model: 'split' }),

  embeddings: client => client.embeddings.create({ model: 'embedder', input: question }),
  'embeddings of many, as numbers': client => client.embeddings.create({ model: 'embedder', input: [question, 'two'], encoding_format: 'float', dimensions: 4 }),

  responses: respond({ instructions: 'Be brief.' }),
  'responses, thinking': respond({ model: 'thinker', reasoning: { effort: 'low' } }),
  'responses, tools': respond({ model: 'tools' }),
  'responses stream': respondStream(),
  'responses stream, thinking': respondStream({ model: 'thinker' }),
  'responses stream, tools': respondStream({ model: 'tools' }),
  'responses stream, characters split': respondStream({ model: 'split' }),
  'responses.stream': client => client.responses.stream({ model: 'plain', input: question }).finalResponse(),
  'responses.retrieve': client => client.responses.retrieve('resp_1'),

  'an unknown model': chat({ model: 'nobody' }),
  'stream of an unknown model': chatStream({ model: 'nobody' }),
  'a bad request': text({ model: 'bad' }),
  'a busy server': respond({ model: 'busy' }),
  'a request cancelled': chatStream({ model: 'canceled' }),
  'a failure': chat({ model: 'failing' }),
  'a failure in a stream': chatStream({ model: 'failing' }),
  'a failure in a text': textStream({ model: 'failing' }),
  'a failure in a response': respondStream({ model: 'failing' }),
  'a stream reset': chatStream({ model: 'reset' }),
  'a stream that ends in the middle': chatStream({ model: 'fin' }),
  'a stream without its end': chatStream({ model: 'endless' }),

  'abort of a chat': (client, drain) =>
    abortAfter(3, options => client.chat.completions.create({ model: 'silent', messages, stream: true }, options), drain),
  'abort of a response': (client, drain) =>
    abortAfter(7, options => client.responses.create({ model: 'silent', input: question, stream: true }, options), drain),
  'abort before the first byte': client => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    return client.chat.completions.create({ model: 'mute', messages, stream: true }, { signal: controller.signal })
  },
  'abort of a whole reply': client => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    return client.chat.completions.create({ model: 'mute', messages }, { signal: controller.signal })
  },
}
