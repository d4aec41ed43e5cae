//! Who may ask: whoever has the link, from this machine, from a page of this server.
//!
//! * The *token* is in the link that is printed; the first visit turns it into a cookie that no script can read and that no other site's page
//!   can send (`HttpOnly`, `SameSite=Strict`). Programs may send it as `Authorization: Bearer TOKEN`.
//! * *Host* has to be this server's own address, so that a name that somebody else's DNS leads here (rebinding) is refused.
//! * *Origin*, where the browser says one, has to be this server; what changes something has to be JSON, which a foreign form cannot send.
//! * Answers allow nothing from elsewhere (`Content-Security-Policy`) and may not be framed.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What a page may load and who may show it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The guard of one server.
#[derive(Debug, Clone)]
pub struct Guard {
    token: String,
    port: u16,
}

impl Guard {
    /// For a server on `port` with this token.
    pub fn new(token: String, port: u16) -> Guard {
        Guard { token, port }
    }

    /// The link that opens the desk.
    pub fn link(&self) -> String {
        format!("http://127.0.0.1:{}/?token={}", self.port, self.token)
    }

    /// What is answered to a request that is not let through.
    pub fn refuses(&self, request: &Request) -> Option<Response> {
        let headers = request.headers();
        let host = text(headers, header::HOST);
        let own = [format!("127.0.0.1:{}", self.port), format!("localhost:{}", self.port)];
        if !host.is_some_and(|host| own.iter().any(|own| own == host)) {
            return Some(refuse(
                "this address is not the server's own: open the link that sohoa review printed",
            ));
        }
        let origin = text(headers, header::ORIGIN);
        if origin.is_some_and(|origin| !own.iter().any(|own| origin == format!("http://{own}"))) {
            return Some(refuse("the request comes from another site"));
        }
        if let Some(token) = request.uri().query().and_then(|query| parameter(query, "token")) {
            return Some(if request.uri().path() == "/" && same(&token, &self.token) {
                self.welcome()
            } else {
                refuse("the token is not this server's: open the link that sohoa review printed last")
            });
        }
        if !self.knows(headers) {
            return Some(refuse("the token is missing: open the link that sohoa review printed"));
        }
        let is_json =
            text(headers, header::CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
        if request.method() != Method::GET && !is_json {
            return Some(refuse("only JSON is taken"));
        }
        None
    }

    fn knows(&self, headers: &HeaderMap) -> bool {
        let bearer = text(headers, header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer "));
        if bearer.is_some_and(|token| same(token, &self.token)) {
            return true;
        }
        let name = format!("sohoa-{}=", self.port);
        let cookies = headers.get_all(header::COOKIE).into_iter().filter_map(|value| value.to_str().ok());
        let mut cookies = cookies.flat_map(|value| value.split(';'));
        cookies.any(|cookie| cookie.trim().strip_prefix(&name).is_some_and(|token| same(token, &self.token)))
    }

    /// Sets the cookie, then goes on to the desk without the token in the address. The page itself does that, so that the browser takes it for
    /// a step inside this site also when the link was followed from elsewhere.
    fn welcome(&self) -> Response {
        let cookie = format!("sohoa-{}={}; Path=/; HttpOnly; SameSite=Strict", self.port, self.token);
        let page = "<!doctype html><html lang=\"vi\"><title>sohoa</title><meta http-equiv=\"refresh\" content=\"0;url=/\"><p><a href=\"/\">sohoa</a></p></html>";
        ([(header::SET_COOKIE, cookie), (header::CONTENT_TYPE, "text/html; charset=utf-8".into())], page)
            .into_response()
    }
}

/// Adds what every answer says.
pub fn seal(response: &mut Response) {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::X_FRAME_OPTIONS, "DENY"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

fn refuse(why: &'static str) -> Response {
    (StatusCode::FORBIDDEN, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], format!("{why}\n"))
        .into_response()
}

fn text(headers: &HeaderMap, name: header::HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

/// Whether two tokens are equal, in a time that does not tell how far they are.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}

/// The value of a parameter of a query, decoded.
pub fn parameter(query: &str, name: &str) -> Option<String> {
    query.split('&').find_map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key == name).then(|| decoded(value))
    })
}

fn decoded(value: &str) -> String {
    let mut bytes = value.bytes();
    let mut out = Vec::with_capacity(value.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || bytes.next().and_then(|b| char::from(b).to_digit(16)).unwrap_or(0) as u8;
                digit() << 4 | digit()
            }
            byte => byte,
        });
    }
    String::from_utf8_lossy(&out).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters() {
        assert_eq!(parameter("a=1&q=c%E1%BA%A3i+c%C3%A1ch&b", "q").as_deref(), Some("cải cách"));
        assert_eq!(parameter("a=1&b", "b").as_deref(), Some(""));
        assert_eq!(parameter("ab=1", "b"), None);
        assert!(parameter("q=%zz%e", "q").is_some(), "nonsense is no panic");
    }
}
