const { rm } = require('node:fs/promises');
const gulp = require('gulp');

/** Removes what an earlier build left behind, so that `dist` holds only what the sources say. */
async function clean() {
	await rm('dist', { recursive: true, force: true });
}

/** Icons lie beside `dist/nodes`, where the nodes and the credential look for them. */
function icons() {
	return gulp.src('icons/*.svg').pipe(gulp.dest('dist/icons'));
}

/** Codex files tell n8n's node panel where a node belongs and under which words it is found. */
function codex() {
	return gulp.src('nodes/**/*.node.json').pipe(gulp.dest('dist/nodes'));
}

/** Schemas tell n8n's editor the fields of an operation's output before it has run. */
function schemas() {
	return gulp.src('nodes/**/__schema__/**/*.json').pipe(gulp.dest('dist/nodes'));
}

module.exports = { clean, assets: gulp.parallel(icons, codex, schemas) };
