import fastify, { type FastifyReply } from 'fastify';

/** A tool as it is offered to a model. */
export interface OfferedTool {
	name: string;
	description: string;
	parameters: {
		properties: Record<string, { type?: string; description?: string }>;
		required?: string[];
	};
}

interface Message {
	role: string;
	content: unknown;
}

interface ChatRequest {
	messages: Message[];
	tools?: { function: OfferedTool }[];
	/** Whether the answer is wanted as server-sent events. */
	stream?: boolean;
}

/** What the model does when it is asked first: calls a tool. */
export interface ToolCall {
	name: string;
	arguments: Record<string, unknown>;
}

/**
 * A stand-in for a chat model that speaks OpenAI's Chat Completions API
 * (https://platform.openai.com/docs/api-reference/chat): it makes the calls of tools that a test sets,
 * one after the other, and then repeats what the last one gave.
 */
export class ChatModel {
	private readonly app = fastify({ forceCloseConnections: true });

	private readonly requests: ChatRequest[] = [];

	private calls: ToolCall[] = [];

	constructor() {
		this.app.post('/v1/chat/completions', async ({ body }, reply) =>
			this.send(reply, body as ChatRequest),
		);
	}

	/** @returns the base URL, for n8n's OpenAI credential */
	async start(): Promise<string> {
		return `${await this.app.listen({ port: 0, host: '127.0.0.1' })}/v1`;
	}

	async stop(): Promise<void> {
		await this.app.close();
	}

	/**
	 * Sets what the model does from now on.
	 * @param calls the tools it calls, in this order
	 */
	willCall(...calls: ToolCall[]): void {
		this.calls = calls;
		this.requests.length = 0;
	}

	/** The tools it was offered when it was asked first. */
	get offered(): OfferedTool[] {
		return (this.requests[0]?.tools ?? []).map(({ function: tool }) => tool);
	}

	/** What the tools gave, as the model read it. */
	get told(): string[] {
		const { messages = [] } = this.requests.at(-1) ?? {};
		return messages
			.filter(({ role }) => role === 'tool')
			.map(({ content }) => (typeof content === 'string' ? content : JSON.stringify(content)));
	}

	private async send(reply: FastifyReply, request: ChatRequest): Promise<FastifyReply> {
		this.requests.push(request);
		const { length } = this.requests;
		const message = this.message(length);
		const finish_reason = 'tool_calls' in message ? 'tool_calls' : 'stop';
		const common = { id: `chatcmpl-${String(length)}`, created: 1_700_000_000, model: 'stand-in' };
		if (request.stream !== true) {
			const choices = [{ index: 0, message, finish_reason }];
			const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
			return await reply.send({ ...common, object: 'chat.completion', choices, usage });
		}
		const chunk = (choice: object) => {
			const choices = [{ index: 0, finish_reason: null, ...choice }];
			const object = 'chat.completion.chunk';
			return `data: ${JSON.stringify({ ...common, object, choices })}\n\n`;
		};
		const chunks = [chunk({ delta: message }), chunk({ delta: {}, finish_reason })];
		return await reply.type('text/event-stream').send(`${chunks.join('')}data: [DONE]\n\n`);
	}

	/** What is said to the request of this number: a call of a tool, or the last word. */
	private message(number: number) {
		const call = this.calls[number - 1];
		if (!call) return { role: 'assistant', content: `Done: ${this.told.join(' ')}` };
		const id = `call_${String(number)}`;
		const called = { name: call.name, arguments: JSON.stringify(call.arguments) };
		return {
			role: 'assistant',
			content: null,
			tool_calls: [{ index: 0, id, type: 'function', function: called }],
		};
	}
}
