//! A published muxio server that offers the methods the checks call. Compiled once per generation.

mod calling;
#[cfg(feature = "streams")]
mod streams;

use example_muxio_rpc_service_definition::prebuffered::{Add, Mult};
use muxio_rpc_service::{
    error::{RpcServiceErrorCode, RpcServiceErrorPayload},
    method_id_hash,
    prebuffered::RpcMethodPrebuffered,
};
use muxio_rpc_service_endpoint::error::RpcServiceEndpointHandlerError;
use muxio_tokio_rpc_server::{RpcServer, RpcServiceEndpointInterface};
use std::{error::Error, sync::Arc, time::Duration};
use tokio::net::TcpListener;

type Failure = Box<dyn Error + Send + Sync>;
type Answer = Result<Vec<u8>, Failure>;
type Method = fn(Vec<u8>) -> Answer;

const METHODS: [(&str, Method); 9] = [
    ("math.add", add),
    ("math.mult", mult),
    ("echo", echo),
    ("fail", |_| structured(RpcServiceErrorCode::Fail, "deliberate failure")),
    ("fail.system", |_| structured(RpcServiceErrorCode::System, "structured system")),
    ("fail.notfound", |_| structured(RpcServiceErrorCode::NotFound, "structured notfound")),
    ("boom", |_| Err("boom".into())),
    ("size", size),
    ("zeros", zeros),
];

fn add(argument: Vec<u8>) -> Answer {
    Ok(Add::encode_response(Add::decode_request(&argument)?.iter().sum())?)
}

fn mult(argument: Vec<u8>) -> Answer {
    Ok(Mult::encode_response(Mult::decode_request(&argument)?.iter().product())?)
}

fn echo(argument: Vec<u8>) -> Answer {
    Ok(argument)
}

fn size(argument: Vec<u8>) -> Answer {
    Ok(u32::try_from(argument.len())?.to_le_bytes().to_vec())
}

fn zeros(argument: Vec<u8>) -> Answer {
    let count = u32::from_le_bytes(argument.as_slice().try_into()?);
    Ok(vec![0; count as usize])
}

fn structured(code: RpcServiceErrorCode, message: &str) -> Answer {
    let payload = RpcServiceErrorPayload { code, message: message.into() };
    Err(Box::new(RpcServiceEndpointHandlerError(payload)))
}

#[tokio::main]
async fn main() {
    if let Err(failure) = serve().await {
        eprintln!("{}: {failure}", env!("CARGO_PKG_NAME"));
        std::process::exit(1);
    }
}

async fn serve() -> Result<(), Failure> {
    let (host, port) = arguments()?;
    let server = RpcServer::new(None);
    let endpoint = server.endpoint();
    let refused = |name: &str| format!("{name} was refused");
    for (name, method) in METHODS {
        endpoint
            .register_prebuffered(method_id_hash(name), move |argument, _| async move { method(argument) })
            .await
            .map_err(|_| refused(name))?;
    }
    endpoint
        .register_prebuffered(method_id_hash("slow"), |argument, _| async move {
            tokio::time::sleep(Duration::from_millis(100)).await;
            Ok(argument)
        })
        .await
        .map_err(|_| refused("slow"))?;
    endpoint
        .register_prebuffered(method_id_hash("call_me.later"), |argument, connection| async move {
            calling::later(argument, connection);
            Ok(vec![])
        })
        .await
        .map_err(|_| refused("call_me.later"))?;
    #[cfg(feature = "streams")]
    {
        endpoint
            .register_stream_handler(method_id_hash("stream.echo"), |event, answer, _| streams::echo(event, answer))
            .await
            .map_err(|_| refused("stream.echo"))?;
        endpoint
            .register_stream_handler(method_id_hash("stream.burst"), |event, answer, _| streams::burst(event, answer))
            .await
            .map_err(|_| refused("stream.burst"))?;
        endpoint
            .register_stream_handler(method_id_hash("call_me"), calling::call_me)
            .await
            .map_err(|_| refused("call_me"))?;
        endpoint
            .register_stream_handler(method_id_hash("stuck"), |_, _, _| {})
            .await
            .map_err(|_| refused("stuck"))?;
    }

    let listener = TcpListener::bind((host, port)).await?;
    println!("listening on ws://{}/ws", listener.local_addr()?);
    Arc::new(server).serve_with_listener(listener).await?;
    Ok(())
}

fn arguments() -> Result<(String, u16), Failure> {
    let (mut host, mut port) = (String::from("127.0.0.1"), 0);
    let mut words = std::env::args().skip(1);
    while let Some(option) = words.next() {
        let value = words.next().ok_or_else(|| format!("{option} needs a value"))?;
        match option.as_str() {
            "--host" => host = value,
            "--port" => port = value.parse()?,
            _ => return Err(format!("unknown option {option}; known: --host HOST, --port PORT").into()),
        }
    }
    Ok((host, port))
}
