import type { DemoContent } from '../kit/demoData';

/** What Ada, who writes letters, publishes and sells. */
export const LETTERS: DemoContent = {
	tags: [
		...['Newsletter', 'Customer', 'VIP', 'Webinar 2025', 'Free course', 'Podcast listener'],
		...['Beta tester', 'Workshop', 'Book launch', 'Imported', 'Re-engage', 'Referral'],
	],
	forms: [
		{ name: 'Welcome Form', type: 'embed', format: 'inline', archived: false },
		{ name: 'Free Course', type: 'hosted', format: null, archived: false },
		{ name: 'Exit offer', type: 'embed', format: 'modal', archived: false },
		{ name: 'Workshop waitlist', type: 'hosted', format: null, archived: false },
		{ name: 'Footer', type: 'embed', format: 'sticky bar', archived: false },
		{ name: 'Summer 2024', type: 'embed', format: 'inline', archived: true },
	],
	sequences: {
		'Welcome series': ['Welcome!', 'My favourite letters', 'What do you make?', 'Keep in touch'],
		'Free course': ['Lesson 1', 'Lesson 2', 'Lesson 3', 'Lesson 4', 'What next?'],
		'After the workshop': ['Thank you', 'The recording', 'Your feedback'],
		'Old launch': ['It is here', 'Questions and answers', 'Last call'],
	},
	segments: ['Paying readers', 'Course people', 'Fans', 'To win back'],
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
	tags: ['Regular', 'Wholesale', 'Tasting night'],
	forms: [
		{ name: 'Bread news', type: 'embed', format: 'inline', archived: false },
		{ name: 'Tasting night', type: 'hosted', format: null, archived: false },
	],
	sequences: {
		'New regulars': ['Good morning', 'How we bake', 'A loaf for you'],
		'Wholesale start': ['Welcome', 'Prices', 'Delivery'],
	},
	segments: ['Shops'],
	topics: ['Rye', 'Sourdough', 'Cakes'],
	snippets: { Hours: 'Open from 6 to 14', 'Old hours': 'Open from 7 to 12' },
	products: { 'Bread subscription': 24, 'Baking class': 60 },
	purchases: 6,
};
