//! TLS as libpq's `sslmode` has it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::settings::{Resolved, SslMode, config_error};
use crate::AdapterError;

/// What makes connections private. A server's certificate is checked against `sslrootcert` (by default
/// `~/.postgresql/root.crt`) by `verify-ca` and `verify-full`, and by `require` where that file is there; only
/// `verify-full` also checks the host's name.
pub(super) fn connector(resolved: &Resolved, home: Option<String>) -> Result<MakeRustlsConnect, AdapterError> {
    let provider = Arc::new(ring::default_provider());
    let folder = home.map(|home| Path::new(&home).join(".postgresql"));
    let usual = |name: &str| folder.as_ref().map(|folder| folder.join(name)).filter(|path| path.exists());
    let verifier: Arc<dyn ServerCertVerifier> = match authorities(resolved, usual("root.crt"))? {
        Some(roots) => {
            let inner = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build();
            let inner = inner.map_err(|error| config_error(format!("sslrootcert: {error}")))?;
            if resolved.sslmode == SslMode::VerifyFull { inner } else { Arc::new(AnyName(inner)) }
        }
        None => Arc::new(Anyone(Arc::clone(&provider))),
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| config_error(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let certificate = resolved.sslcert.clone().or_else(|| usual("postgresql.crt"));
    let key = resolved.sslkey.clone().or_else(|| usual("postgresql.key"));
    let config = match (certificate, key) {
        (Some(certificate), Some(key)) => builder
            .with_client_auth_cert(certificates(&certificate, "sslcert")?, private_key(&key)?)
            .map_err(|error| config_error(format!("sslcert and sslkey: {error}")))?,
        (Some(_), None) => return Err(config_error("sslcert is set, but sslkey is not")),
        _ => builder.with_no_client_auth(),
    };
    Ok(MakeRustlsConnect::new(config))
}

/// Whom the server's certificate has to be signed by; `None` where anyone will do.
fn authorities(resolved: &Resolved, usual: Option<PathBuf>) -> Result<Option<RootCertStore>, AdapterError> {
    let is_asked = matches!(resolved.sslmode, SslMode::VerifyCa | SslMode::VerifyFull);
    let path = resolved.sslrootcert.clone().or(usual);
    let Some(path) = path.filter(|_| is_asked || resolved.sslmode == SslMode::Require) else {
        if is_asked {
            return Err(config_error("the server's certificate can't be checked: there is no root certificate")
                .with_hint("set sslrootcert to a file of PEM or to `system`, or change sslmode"));
        }
        return Ok(None);
    };
    let mut roots = RootCertStore::empty();
    let found = if path == Path::new("system") {
        rustls_native_certs::load_native_certs().certs
    } else {
        certificates(&path, "sslrootcert")?
    };
    roots.add_parsable_certificates(found);
    if roots.is_empty() {
        return Err(config_error(format!("sslrootcert: there is no certificate in {}", path.display())));
    }
    Ok(Some(roots))
}

fn certificates(path: &Path, setting: &str) -> Result<Vec<CertificateDer<'static>>, AdapterError> {
    let fail = |error| config_error(format!("{setting}: {}: {error}", path.display()));
    CertificateDer::pem_file_iter(path).map_err(fail)?.collect::<Result<_, _>>().map_err(fail)
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, AdapterError> {
    PrivateKeyDer::from_pem_file(path).map_err(|error| {
        config_error(format!("sslkey: {}: {error}", path.display())).with_hint("an unencrypted key in PEM is needed")
    })
}

/// Takes every certificate: the connection is private, but nobody knows who is at the other end.
#[derive(Debug)]
struct Anyone(Arc<CryptoProvider>);

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, cert, dss, &self.0.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.signature_verification_algorithms.supported_schemes()
    }
}

/// Checks who signed the certificate and not whom it is for.
#[derive(Debug)]
struct AnyName(Arc<WebPkiServerVerifier>);

impl ServerCertVerifier for AnyName {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        // The name is looked at last.
        match self.0.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(rustls::Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            other => other,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls12_signature(message, cert, dss)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.0.verify_tls13_signature(message, cert, dss)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_verify_schemes()
    }
}
