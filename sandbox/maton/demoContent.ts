import type { DemoContent } from '../kit/demoContent';

/** What Ada, who writes letters, publishes and sells. */
export const LETTERS: DemoContent = {
	forms: [
		{ name: 'Welcome Form', type: 'embed', format: 'inline', status: 'active' },
		{ name: 'Free Course', type: 'hosted', format: null, status: 'active' },
		{ name: 'Exit offer', type: 'embed', format: 'modal', status: 'active' },
		{ name: 'Workshop waitlist', type: 'hosted', format: null, status: 'active' },
		{ name: 'Footer', type: 'embed', format: 'sticky bar', status: 'active' },
		{ name: 'Summer 2024', type: 'embed', format: 'inline', status: 'archived' },
	],
	sequences: {
		'Welcome series': ['Welcome!', 'My favourite letters', 'What do you make?', 'Keep in touch'],
		'Free course': ['Lesson 1', 'Lesson 2', 'Lesson 3', 'Lesson 4', 'What next?'],
		'After the workshop': ['Thank you', 'The recording', 'Your feedback'],
		'Old launch': ['It is here', 'Questions and answers', 'Last call'],
	},
	segments: {
		'Paying readers': ['Customer', 'VIP'],
		'Course people': ['Free course', 'Workshop', 'Webinar 2025'],
		Fans: ['Podcast listener', 'Beta tester', 'Referral'],
		'To win back': ['Re-engage'],
	},
	topics: ['Writing', 'Design', 'Photography', 'Music', 'Cooking', 'Business'],
	snippets: {
		Greeting: 'Hello {{ subscriber.first_name }}',
		'Sign off': 'Yours, Ada',
		'Course box': '<h3>The course</h3><p><a href="https://shop.example.com/course">Join</a></p>',
		Footer: '<p>You get this because you signed up.</p>',
		'Old address': 'Harbor Street 1',
	},
	products: { 'Writing course': 149, Notebook: 12.5, 'Tip jar': 5 },
	purchases: 20,
};

/** What the bakery publishes and sells. */
export const BAKERY: DemoContent = {
	forms: [
		{ name: 'Bread news', type: 'embed', format: 'inline', status: 'active' },
		{ name: 'Tasting night', type: 'hosted', format: null, status: 'active' },
	],
	sequences: {
		'New regulars': ['Good morning', 'How we bake', 'A loaf for you'],
		'Wholesale start': ['Welcome', 'Prices', 'Delivery'],
	},
	segments: { Shops: ['Wholesale'] },
	topics: ['Rye', 'Sourdough', 'Cakes'],
	snippets: { Hours: 'Open from 6 to 14', 'Old hours': 'Open from 7 to 12' },
	products: { 'Bread subscription': 24, 'Baking class': 60 },
	purchases: 6,
};

/** Little, for accounts that are about something else. */
export const LITTLE: DemoContent = {
	forms: [
		{ name: 'Newsletter', type: 'embed', format: 'inline', status: 'active' },
		{ name: 'Landing page', type: 'hosted', format: null, status: 'active' },
	],
	sequences: { Welcome: ['Welcome', 'More to read'], Paused: ['Not sent'] },
	segments: {},
	topics: ['Books'],
	snippets: {},
	products: { Book: 20 },
	purchases: 2,
};
