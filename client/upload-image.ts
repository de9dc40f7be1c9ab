/** Sends a picture to the server and tells how far it is, which fetch does not. */
import { type AddedImage, addedImage, path } from '../shared/api.ts';
import { errorFrom, NetworkError } from './api.ts';

export interface UploadOptions {
  readonly signal: AbortSignal;
  /** Called with the share that has been sent, 0 to 1. */
  readonly onProgress: (share: number) => void;
}

/** Rejects as the functions of api.ts do, and with the signal's reason. */
export function uploadImage(planId: string, file: Blob, { signal, onProgress }: UploadOptions): Promise<AddedImage> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = (): void => request.abort();
    signal.addEventListener('abort', abort, { once: true });
    request.upload.addEventListener('progress', ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    request.addEventListener('abort', () => reject(signal.reason));
    request.addEventListener('error', () => reject(new NetworkError(request)));
    request.addEventListener('loadend', () => signal.removeEventListener('abort', abort));
    request.addEventListener('load', () => {
      const body = parsed(request.responseText);
      const answer = addedImage.safeParse(body);
      if (request.status === 201 && answer.success) resolve(answer.data);
      else reject(errorFrom(request, body));
    });
    request.open('POST', path.images(planId));
    request.setRequestHeader('Content-Type', file.type || 'application/octet-stream');
    request.send(file);
  });
}

/** undefined: something between answered, not our server. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
