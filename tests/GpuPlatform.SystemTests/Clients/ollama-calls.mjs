import { Ollama } from 'ollama'

const question = 'Why is the sky blue? 空はなぜ青い？'
const messages = [{ role: 'system', content: 'Be brief.' }, { role: 'user', content: question }]
// Pieces after which the silent model falls silent: only an abort that waits for all of them sees the same every time
const sent = 3
const image = new Uint8Array([137, 80, 78, 71, 13, 10, 26, 10])
const schema = { type: 'object', properties: { colour: { type: 'string' } }, required: ['colour'] }
const tools = [{
  type: 'function',
  function: { name: 'weather', description: 'Weather of a city', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
}]

export const connect = host => new Ollama({ host })

const generate = options => client => client.generate({ model: 'plain', prompt: question, ...options })
const generateStream = options => async (client, drain) => drain(await client.generate({ model: 'plain', prompt: question, stream: true, ...options }))
const chat = options => client => client.chat({ model: 'plain', messages, ...options })
const chatStream = options => async (client, drain) => drain(await client.chat({ model: 'plain', messages, stream: true, ...options }))

export const calls = {
  version: client => client.version(),
  list: client => client.list(),
  show: client => client.show({ model: 'plain' }),
  'show of an unknown model': client => client.show({ model: 'nobody' }),
  'ps of nothing': client => client.ps(),

  load: generate({ prompt: '', keep_alive: '10m' }),
  'ps of one': client => client.ps(),
  generate: generate(),
  'generate raw with options': generate({ raw: true, system: 'Be brief.', suffix: '.', options: { num_ctx: 8192, temperature: 0.2, seed: 7, num_predict: 5 } }),
  'generate of an image': generate({ images: [image] }),
  'generate with a schema': generate({ format: schema, keep_alive: -1 }),
  'generate stream': generateStream(),
  'generate stream, thinking': generateStream({ model: 'thinker', think: true }),
  'generate stream, cut': generateStream({ options: { num_predict: 4 } }),
  'generate stream, characters split': generateStream({ model: 'split' }),
  'generate stream, a line of a megabyte': generateStream({ model: 'wide' }),
  'generate stream, at a pace': generateStream({ model: 'paced' }),

  chat: chat(),
  'chat, thinking': chat({ model: 'thinker' }),
  'chat, not thinking': chat({ model: 'thinker', think: false }),
  'chat, tools': chat({ model: 'tools', tools }),
  'chat of an image': chat({ messages: [{ role: 'user', content: question, images: [image] }] }),
  'chat, json': chat({ format: 'json', keep_alive: 60 }),
  'chat, cached prompt': chat({ model: 'cached' }),
  'chat, elsewhere': chat({ model: 'far-cloud' }),
  'chat stream': chatStream(),
  'chat stream, thinking': chatStream({ model: 'thinker', think: 'high' }),
  'chat stream, tools': chatStream({ model: 'tools', tools }),
  'chat stream, tools at the end': chatStream({ model: 'tools-late', tools }),
  'chat stream, characters split': chatStream({ model: 'split' }),
  'chat stream, elsewhere': chatStream({ model: 'far-cloud' }),

  embed: client => client.embed({ model: 'embedder', input: question }),
  'embed of many': client => client.embed({ model: 'embedder', input: [question, 'two', 'three'], truncate: true, dimensions: 4 }),
  embeddings: client => client.embeddings({ model: 'embedder', prompt: question }),

  pull: client => client.pull({ model: 'fresh' }),
  'pull stream': async (client, drain) => drain(await client.pull({ model: 'fresher', stream: true })),
  'pull stream of what is missing': async (client, drain) => drain(await client.pull({ model: 'missing', stream: true })),
  'pull of what is missing': client => client.pull({ model: 'missing' }),
  push: client => client.push({ model: 'fresh' }),
  'push stream': async (client, drain) => drain(await client.push({ model: 'fresh', stream: true })),
  create: client => client.create({ model: 'mario', from: 'fresh', system: 'You are Mario.' }),
  'create stream': async (client, drain) => drain(await client.create({ model: 'luigi', from: 'fresh', stream: true })),
  'create stream from nothing': async (client, drain) => drain(await client.create({ model: 'x', from: 'nobody', stream: true })),
  copy: client => client.copy({ source: 'fresh', destination: 'copied' }),
  'copy of nothing': client => client.copy({ source: 'nobody', destination: 'copied' }),
  delete: client => client.delete({ model: 'copied' }),
  'delete of nothing': client => client.delete({ model: 'copied' }),
  'list of what is left': client => client.list(),
  systemone: client => client.systemone({ model: 'plain', input: question }),

  'an unknown model': chat({ model: 'nobody' }),
  'stream of an unknown model': chatStream({ model: 'nobody' }),
  'a bad request': chat({ model: 'bad' }),
  'a busy server': chat({ model: 'busy' }),
  'a request cancelled': chatStream({ model: 'canceled' }),
  'a failure': chat({ model: 'failing' }),
  'a failure in a stream': chatStream({ model: 'failing' }),
  'a stream reset': chatStream({ model: 'reset' }),
  'a stream that ends in the middle': chatStream({ model: 'fin' }),
  'a stream without its end': generateStream({ model: 'endless' }),

  abort: async (client, drain) => drain(await client.chat({ model: 'silent', messages, stream: true }), pieces => pieces === sent && client.abort()),
  'abort of two': async client => {
    const streams = await Promise.all([1, 2].map(() => client.generate({ model: 'silent', prompt: question, stream: true })))
    const ends = streams.map(async stream => {
      try {
        for await (const _ of stream);
      } catch (error) {
        return error.name
      }
    })
    client.abort()
    return Promise.all(ends)
  },
  'abort of one, by its stream': async (client, drain) => {
    const stream = await client.generate({ model: 'silent', prompt: question, stream: true })
    return drain(stream, pieces => pieces === sent && stream.abort())
  },
  unload: generate({ prompt: '', keep_alive: 0 }),
  'unload by chat': chat({ model: 'thinker', messages: [], keep_alive: 0 }),
  'ps at the end': client => client.ps(),
}
