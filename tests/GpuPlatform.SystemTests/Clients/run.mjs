// Runs every call of the official clients against one address and prints what each of them saw, as one JSON document.
import * as anthropic from './anthropic-calls.mjs'
import * as ollama from './ollama-calls.mjs'
import * as openai from './openai-calls.mjs'

const base = process.argv[2]
const families = { ollama, openai, anthropic }
const steps = []

// The clients report to the console what they also throw
console.log = console.warn = console.error = () => {}

function seen(error) {
  return { name: error?.name, message: error?.message, status: error?.status ?? error?.status_code, type: error?.type, code: error?.error?.code }
}

// Every piece as it came, then how it ended
async function drain(stream, pieces, onPiece) {
  for await (const piece of stream) {
    pieces.push(piece)
    await onPiece?.(pieces.length)
  }
}

for (const [family, calls] of Object.entries(families)) {
  const client = calls.connect(base)
  for (const [name, call] of Object.entries(calls.calls)) {
    const step = { name: `${family}.${name}`, pieces: [] }
    steps.push(step)
    try {
      step.result = await call(client, (stream, onPiece) => drain(stream, step.pieces, onPiece))
    } catch (error) {
      step.error = seen(error)
    }
  }
}

process.stdout.write(JSON.stringify(steps))
