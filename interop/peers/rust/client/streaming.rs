//! Calls whose body goes out chunk by chunk and whose answer comes in the same way, through the published dispatcher.

use crate::{
    calls::{described, same},
    checks::Outcome,
};
use muxio_core::rpc::{
    RpcRequest,
    rpc_internals::{RpcHeader, RpcStreamEncoder, RpcStreamEvent, rpc_trait::RpcEmit},
};
use muxio_rpc_service::constants::DEFAULT_SERVICE_MAX_CHUNK_SIZE;
use muxio_rpc_service_caller::RpcServiceCallerInterface;
use muxio_tokio_rpc_client::RpcClient;
use std::sync::Arc;
use tokio::sync::mpsc::{self, UnboundedReceiver};

/// The body is yet to be written.
pub fn open_request(method: u64) -> RpcRequest {
    RpcRequest {
        rpc_method_id: method,
        rpc_param_bytes: None,
        rpc_prebuffered_payload_bytes: None,
        is_finalized: false,
    }
}

pub struct StreamingCall {
    pub request: RpcStreamEncoder<Box<dyn RpcEmit + Send + Sync>>,
    answer: UnboundedReceiver<RpcStreamEvent>,
    header: Option<Arc<RpcHeader>>,
}

impl StreamingCall {
    pub async fn open(client: &RpcClient, method: u64) -> Result<Self, String> {
        Self::start(client, open_request(method)).await
    }

    /// Goes to the dispatcher itself: the streaming call of 0.10 does not return before the answer has begun.
    pub async fn start(client: &RpcClient, call: RpcRequest) -> Result<Self, String> {
        let (events, answer) = mpsc::unbounded_channel();
        let emit = client.get_emit_fn();
        let emit: Box<dyn RpcEmit + Send + Sync> = Box::new(move |frame: &[u8]| emit(frame.to_vec()));
        let on_event = move |event| {
            let _ = events.send(event);
        };
        let dispatcher = client.get_dispatcher();
        let request = dispatcher
            .lock()
            .await
            .call(call, DEFAULT_SERVICE_MAX_CHUNK_SIZE, emit, Some(on_event), false)
            .map_err(described)?;
        Ok(Self { request, answer, header: None })
    }

    /// Sends the chunk as a frame of its own; the first one follows the RPC header.
    pub fn send(&mut self, chunk: &[u8]) -> Outcome {
        self.request.write_bytes(chunk).map_err(described)?;
        self.request.flush().map_err(described)?;
        Ok(())
    }

    pub fn end(&mut self) -> Outcome {
        self.request.end_stream().map(drop).map_err(described)
    }

    pub fn cancel(&mut self) -> Outcome {
        self.request.cancel_stream().map(drop).map_err(described)
    }

    /// Nothing has come that was not awaited.
    pub fn unanswered(&mut self) -> Outcome {
        match self.answer.try_recv() {
            Ok(event) => Err(format!("{event:?} came, expected nothing")),
            Err(_) => Ok(()),
        }
    }

    /// The next chunk of the answer, whatever its status; none once it has ended.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, String> {
        loop {
            match self.answer.recv().await {
                Some(RpcStreamEvent::Header { rpc_header, .. }) => self.header = Some(rpc_header),
                Some(RpcStreamEvent::PayloadChunk { bytes, .. }) => return Ok(Some(bytes)),
                Some(RpcStreamEvent::End { .. }) => return Ok(None),
                Some(RpcStreamEvent::Error { frame_decode_error, .. }) => return Err(described(frame_decode_error)),
                None => return Err("the connection went away before the answer ended".into()),
            }
        }
    }

    pub async fn next_is(&mut self, expected: &[u8]) -> Outcome {
        match self.next().await? {
            Some(chunk) => same(&chunk, expected),
            None => Err(format!("the answer ended, expected a chunk of {} bytes", expected.len())),
        }
    }

    /// The answer ends here, and its header is that of a streaming handler.
    pub async fn ends(&mut self) -> Outcome {
        if let Some(chunk) = self.next().await? {
            return Err(format!("a chunk of {} bytes, expected the end of the answer", chunk.len()));
        }
        match &self.header {
            Some(header) if header.rpc_method_id == 0 && header.rpc_metadata_bytes == [0] => Ok(()),
            header => Err(format!("answer with {header:?}, expected method id 0 and status 0")),
        }
    }

    /// The answer ends with this status; an error's text is not looked at.
    pub async fn ends_with_status(&mut self, status: u8) -> Outcome {
        while self.next().await?.is_some() {}
        match &self.header {
            Some(header) if header.rpc_metadata_bytes == [status] => Ok(()),
            header => Err(format!("answer with {header:?}, expected status {status}")),
        }
    }

    /// The whole answer, once it has ended.
    pub async fn collect(mut self) -> Result<Vec<u8>, String> {
        let mut body = Vec::new();
        while let Some(chunk) = self.next().await? {
            body.extend(chunk);
        }
        match self.header.as_deref().map(|header| header.rpc_metadata_bytes.as_slice()) {
            Some([0] | []) => Ok(body),
            status => Err(format!("answer with status {status:?}, expected 0")),
        }
    }
}
