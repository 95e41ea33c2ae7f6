import { explainNetworkError, neverLeft } from '../../nodes/shared/transport/explanations';

test.each([
	'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
	'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
	'DEPTH_ZERO_SELF_SIGNED_CERT',
	'CERT_HAS_EXPIRED',
	'ERR_TLS_CERT_ALTNAME_INVALID',
])('%s says that a certificate is not trusted, before anything was sent', (code) => {
	expect(explainNetworkError(code).description).toContain('certificate');
	expect(neverLeft(code)).toBe(true);
});

test.each(['ERR_SSL_DECRYPTION_FAILED_OR_BAD_RECORD_MAC', 'ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC'])(
	'%s breaks off a connection on which something may have been sent',
	(code) => {
		expect(explainNetworkError(code).description).toContain('broke off');
		expect(neverLeft(code)).toBe(false);
	},
);
