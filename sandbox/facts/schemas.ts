import type { ErrorObject, ValidateFunction } from 'ajv';
import Ajv from 'ajv';
import type { Shape } from './notation';
import { FORMATS, schemaOf } from './notation';

/** Checks values against shapes, each of which is compiled once. */
export class Schemas {
	private readonly ajv: Ajv;

	private readonly compiled = new Map<Shape, ValidateFunction>();

	/** @param side whose formats count */
	constructor(side: keyof typeof FORMATS) {
		const options = { allErrors: true, allowUnionTypes: true, strictTypes: false, verbose: true };
		this.ajv = new Ajv({ ...options, formats: FORMATS[side] });
	}

	/** @returns what in a value is not as its shape has it */
	errors(shape: Shape, value: unknown): ErrorObject[] {
		const check = this.compiled.get(shape) ?? this.ajv.compile(schemaOf(shape));
		this.compiled.set(shape, check);
		return check(value) ? [] : (check.errors ?? []);
	}
}
