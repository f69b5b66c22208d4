// Asks one model again and again and prints what the client's own clock says of each reply: time to the first token, and tokens per second after it.
import { Ollama } from 'ollama'

const [, , host, model, times] = process.argv
const client = new Ollama({ host })
const replies = []

for (let i = 0; i < Number(times); i++) {
  const sent = performance.now()
  const arrivals = []
  for await (const piece of await client.chat({ model, messages: [{ role: 'user', content: 'go' }], stream: true })) {
    if (piece.message.content) arrivals.push(performance.now())
  }
  const rate = (arrivals.length - 1) / (arrivals.at(-1) - arrivals[0]) * 1000
  replies.push({ firstTokenMs: arrivals[0] - sent, tokensPerSecond: rate, tokens: arrivals.length })
}

process.stdout.write(JSON.stringify(replies))
