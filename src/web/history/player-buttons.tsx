import { Pause, Play, SkipBack, SkipForward } from 'lucide-react';
import { IconButton } from '../room/header/icon-button.tsx';
import { SPEEDS } from './player.ts';
import { newestOf, nextChange, previousChange } from './timeline.ts';
import { useHistory, useHistoryView } from './use-history.ts';
import classes from './time-bar.module.css';

/** From change to change, by hand or by itself. */
export function PlayerButtons() {
  const history = useHistory();
  const { timeline, at, from, player } = useHistoryView();
  const before = previousChange(timeline, at);
  const after = nextChange(timeline, at);
  const isPlaying = player.kind === 'playing';
  return (
    <div className={classes['player']}>
      <IconButton
        label="Previous change"
        hint="Previous change (,)"
        aria-disabled={before === null || before < (from ?? 0)}
        onClick={() => before !== null && before >= (from ?? 0) && history.goTo(before)}
      >
        <SkipBack size={15} aria-hidden />
      </IconButton>
      <IconButton
        label={isPlaying ? 'Pause' : 'Play'}
        hint={isPlaying ? 'Pause (Space)' : 'Play (Space)'}
        aria-disabled={newestOf(timeline) < 2}
        onClick={() => history.play({ kind: 'toggle' })}
      >
        {isPlaying ? <Pause size={16} aria-hidden /> : <Play size={16} aria-hidden />}
      </IconButton>
      <IconButton
        label="Next change"
        hint="Next change (.)"
        aria-disabled={after === null}
        onClick={() => after !== null && history.goTo(after)}
      >
        <SkipForward size={15} aria-hidden />
      </IconButton>
      <select
        className={classes['speed']}
        aria-label="Speed"
        value={player.speed}
        onChange={({ currentTarget: { value } }) => {
          const speed = SPEEDS.find((one) => String(one) === value);
          if (speed !== undefined) history.play({ kind: 'speed', speed });
        }}
      >
        {SPEEDS.map((speed) => (
          <option key={speed} value={speed}>
            {speed} ×
          </option>
        ))}
      </select>
    </div>
  );
}
