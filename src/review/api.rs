//! What the browser asks for, by path.
//!
//! | request | answer |
//! |---|---|
//! | `GET /api/who` | who decides here |
//! | `GET /api/list?q=&filter=&sort=&from=&count=` | a part of the list |
//! | `GET /api/documents/ID` | a document: blocks, words, warnings, version |
//! | `GET /api/documents/ID/state` | its version and how far its outputs are |
//! | `GET /api/documents/ID/pages/N/places` | the boxes of a page's words |
//! | `GET /api/documents/ID/pages/N/picture?width=` | the page as a JPEG |
//! | `POST /api/documents/ID/decisions` | keeps decisions; 409 if somebody else has decided since |

use std::sync::Arc;

use axum::body::{Bytes, to_bytes};
use axum::extract::Request;
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::json;

use super::assets;
use super::decide::Ask;
use super::desk::{Desk, Refusal};
use super::guard::parameter;
use super::list::Query;

/// The most that a request may say.
const MOST_BYTES: usize = 1 << 20;

/// Answers a request that the guard let through.
pub async fn answer(desk: Arc<Desk>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MOST_BYTES).await else {
        return (StatusCode::PAYLOAD_TOO_LARGE, "that is too much\n").into_response();
    };
    let path = parts.uri.path().to_owned();
    if parts.method == Method::GET
        && let Some((kind, content)) = assets::get(&path)
    {
        return ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-cache")], content)
            .into_response();
    }
    let query = parts.uri.query().unwrap_or_default().to_owned();
    // files are read and written: not on the thread that waits for requests
    let answered =
        tokio::task::spawn_blocking(move || route(&desk, &parts.method, &path, &query, &body)).await;
    answered.unwrap_or_else(|_| failed("a bug in this program; what was decided before is kept"))
}

fn route(desk: &Desk, method: &Method, path: &str, query: &str, body: &Bytes) -> Response {
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let number = |text: &str| text.parse::<u32>().ok();
    match (method.as_str(), parts.as_slice()) {
        ("GET", ["api", "who"]) => reply(Ok(desk.who())),
        ("GET", ["api", "list"]) => {
            let text = |name: &str| parameter(query, name).unwrap_or_default();
            let count = |name: &str, otherwise: usize| text(name).parse().unwrap_or(otherwise);
            let query = Query {
                text: text("q"),
                filter: text("filter"),
                sort: text("sort"),
                from: count("from", 0),
                count: count("count", 100),
            };
            reply(Ok(desk.list.window(&query)))
        }
        ("GET", ["api", "documents", id]) => reply(desk.show(id)),
        ("GET", ["api", "documents", id, "state"]) => reply(desk.state(id)),
        ("GET", ["api", "documents", id, "pages", page, "places"]) => match number(page) {
            Some(page) => reply(desk.places(id, page)),
            None => reply::<()>(Err(Refusal::None)),
        },
        ("GET", ["api", "documents", id, "pages", page, "picture"]) => {
            let width = parameter(query, "width").and_then(|width| number(&width)).unwrap_or(1400);
            match number(page).ok_or(Refusal::None).and_then(|page| desk.picture(id, page, width)) {
                Ok(jpeg) => {
                    let headers = [
                        (header::CONTENT_TYPE, "image/jpeg"),
                        (header::CACHE_CONTROL, "private, max-age=3600"),
                    ];
                    (headers, jpeg.as_ref().clone()).into_response()
                }
                Err(refusal) => reply::<()>(Err(refusal)),
            }
        }
        ("POST", ["api", "documents", id, "decisions"]) => match serde_json::from_slice::<Ask>(body) {
            Ok(ask) => reply(desk.decide(id, &ask)),
            Err(error) => reply::<()>(Err(Refusal::Bad(error.to_string()))),
        },
        _ => reply::<()>(Err(Refusal::None)),
    }
}

fn reply<T: Serialize>(answer: Result<T, Refusal>) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    let say = |status: StatusCode, said: serde_json::Value| {
        (status, json.clone(), said.to_string()).into_response()
    };
    match answer {
        Ok(value) => (json, serde_json::to_vec(&value).unwrap_or_default()).into_response(),
        Err(Refusal::None) => say(StatusCode::NOT_FOUND, json!({ "why": "there is no such thing" })),
        Err(Refusal::Bad(why)) => say(StatusCode::BAD_REQUEST, json!({ "why": why })),
        Err(Refusal::Conflict(theirs)) => say(StatusCode::CONFLICT, theirs),
        Err(Refusal::Failed(why)) => failed(&why),
    }
}

fn failed(why: &str) -> Response {
    let json = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::INTERNAL_SERVER_ERROR, json, json!({ "why": why }).to_string()).into_response()
}
